using System.Runtime.CompilerServices;

namespace LazyHost;

/// <summary>
/// Captures functions: they are recorded and compiled once for the types of their arguments, and every later run replays the program without recording. Tensors
/// the function reaches by itself are taken by reference: a run sees the values they have then, and writes to those the function assigns to. Numbers are
/// frozen at the first run, but for a <see cref="Scalar"/>; random operations draw anew on every run. What the function does besides tensor operations happens
/// only when it is captured.
/// </summary>
public static class Lazy
{
    /// <summary>Captures a function of one tensor at its first run.</summary>
    public static CompiledFunction<Tensor> Compile(Func<Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Single((inputs, _) => [function(inputs[0])], 1, name, file, line);
    }

    /// <summary>Captures a function of two tensors at its first run.</summary>
    public static CompiledFunction<Tensor> Compile(Func<Tensor, Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Single((inputs, _) => [function(inputs[0], inputs[1])], 2, name, file, line);
    }

    /// <summary>Captures a function of three tensors at its first run.</summary>
    public static CompiledFunction<Tensor> Compile(Func<Tensor, Tensor, Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Single((inputs, _) => [function(inputs[0], inputs[1], inputs[2])], 3, name, file, line);
    }

    /// <summary>Captures a function of any number of tensors, at least one, with any number of results.</summary>
    public static CompiledFunction<Tensor[]> Compile(Func<Tensor[], Tensor[]> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Many((inputs, _) => function(inputs), name, file, line);
    }

    /// <summary>Captures a function of tensors, at least one, and of numbers that may differ from run to run.</summary>
    public static CompiledFunction<Tensor[]> Compile(Func<Tensor[], Scalar[], Tensor[]> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return Many(function, name, file, line);
    }

    /// <summary>
    /// Records a function of one tensor once for each combination of argument types; every later call puts what was recorded into the caller's segment, without
    /// calling the function: it is compiled with what is around it, gradients flow through it, and nothing but the time of recording tells the two apart. The
    /// function must be pure: its results depend on its arguments, on tensors it reaches by itself (by reference) and on <see cref="Scalar"/>s (looked up at
    /// every call) alone; other numbers are those of the first call. Random operations draw anew at every call.
    /// </summary>
    /// <returns>A function to call in its place, from any thread. It throws <see cref="CaptureException"/> where the function assigns to tensors that are not its own, leaves
    /// gradients, or returns nothing, and <see cref="StepException"/> where it reads what is only recorded.</returns>
    public static Func<Tensor, Tensor> AssumePure(Func<Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        var pure = new PureFunction(xs => [function(xs[0])], name, new(file ?? "", line));
        return x => pure.Call(x)[0];
    }

    /// <summary><see cref="AssumePure(Func{Tensor, Tensor}, string?, string?, int)"/> of two tensors.</summary>
    public static Func<Tensor, Tensor, Tensor> AssumePure(Func<Tensor, Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        var pure = new PureFunction(xs => [function(xs[0], xs[1])], name, new(file ?? "", line));
        return (x, y) => pure.Call(x, y)[0];
    }

    /// <summary><see cref="AssumePure(Func{Tensor, Tensor}, string?, string?, int)"/> of three tensors.</summary>
    public static Func<Tensor, Tensor, Tensor, Tensor> AssumePure(Func<Tensor, Tensor, Tensor, Tensor> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        var pure = new PureFunction(xs => [function(xs[0], xs[1], xs[2])], name, new(file ?? "", line));
        return (x, y, z) => pure.Call(x, y, z)[0];
    }

    /// <summary><see cref="AssumePure(Func{Tensor, Tensor}, string?, string?, int)"/> of any number of tensors, at least one, with any number of results, at least one.</summary>
    public static Func<Tensor[], Tensor[]> AssumePure(Func<Tensor[], Tensor[]> function, string? name = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new PureFunction(function, name, new(file ?? "", line)).Call;
    }

    private static CompiledFunction<Tensor> Single(Func<Tensor[], Scalar[], Tensor[]> body, int count, string? name, string? file, int line) =>
        new(body, static results => new Tensor(results[0].Type, results[0]), static results => results[0], count, name, new(file ?? "", line));

    private static CompiledFunction<Tensor[]> Many(Func<Tensor[], Scalar[], Tensor[]> body, string? name, string? file, int line) =>
        new(body, Tensors, static results => results, null, name, new(file ?? "", line));

    private static Tensor[] Tensors(ReadOnlySpan<DeviceData> results)
    {
        var tensors = new Tensor[results.Length];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new(results[i].Type, results[i]);
        return tensors;
    }
}

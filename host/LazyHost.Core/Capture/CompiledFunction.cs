using System.Text;

namespace LazyHost;

/// <summary>
/// A function that is captured once for each combination of argument types and then replayed: made by <see cref="Lazy"/>. Safe for concurrent use; a function
/// that assigns to tensors it reaches, or to arguments, runs one call at a time.
/// </summary>
public abstract class CompiledFunction
{
    private const int MostPrograms = 64;

    private readonly Lock capturing = new();
    private readonly int? arity;
    private CapturedProgram[] programs = [];

    private protected CompiledFunction(Func<Tensor[], Scalar[], Tensor[]> body, int? arity, string? name, CallSite site) => (Body, this.arity, Name, Site) = (body, arity, name ?? site.ToString(), site);

    /// <summary>Its name in messages: that given, or the place where it was made.</summary>
    public string Name { get; }

    /// <summary>The number of programs: one for each combination of argument types it has been captured for, at most 64, the least recently captured going first.</summary>
    public int Programs => Volatile.Read(ref programs).Length;

    internal Func<Tensor[], Scalar[], Tensor[]> Body { get; }

    /// <summary>Where it was made.</summary>
    internal CallSite Site { get; }

    /// <summary>Runs it and writes its results to tensors the caller gives, of their types: their earlier values are gone. Once such a tensor has a buffer of its own,
    /// and is not used in what is recorded, nothing is allocated.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <param name="outputs">A tensor for each result; no views, and none twice.</param>
    /// <param name="numbers">The values of <see cref="Scalar"/> arguments.</param>
    /// <exception cref="CaptureException">The function cannot be captured, or the arguments do not fit it.</exception>
    /// <exception cref="ShapeMismatchException">An output has another type than its result. Nothing was run.</exception>
    /// <exception cref="ExecutionException">The run failed on the caller's thread; outputs it had begun to write have no value.</exception>
    public void Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, ReadOnlySpan<double> numbers = default)
    {
        if (Inlined(inputs, numbers) is { } inlined)
        {
            if (inlined.Length != outputs.Length) throw new CaptureException($"captured function '{Name}' has {inlined.Length} results but was given {outputs.Length} outputs");
            for (var i = 0; i < outputs.Length; i++) outputs[i].Assign(inlined[i]);
            return;
        }
        var program = Find(inputs, numbers.Length, CancellationToken.None);
        program.RequireOutputs(outputs);
        var frame = program.Rent();
        try
        {
            if (!QuickReplay.TryRun(program, frame, inputs, outputs, numbers)) Replay.Run(program, frame, inputs, outputs, numbers);
        }
        finally { program.Return(frame); }
    }

    /// <summary>Captures and compiles it ahead of its first run for arguments of these types. It is called as it would be at its first run.</summary>
    /// <exception cref="LazyHostException">It cannot be captured or compiled.</exception>
    public void Warmup(Device device, ReadOnlySpan<TensorType> inputs, int numbers = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(device);
        RequireArity(inputs.Length);
        var signature = new CaptureSignature(device, inputs.ToArray(), Enumerable.Range(0, inputs.Length).ToArray(), numbers, GradMode.IsEnabled);
        if (!Array.Exists(Volatile.Read(ref programs), p => p.Signature.Equals(signature))) Capture(signature, cancellationToken);
    }

    /// <summary>What it was captured as: for each program its arguments and results, the tensors it reaches and writes, the numbers that are frozen in it and those
    /// looked up on every run, and the memory it takes.</summary>
    public string Explain()
    {
        var all = Volatile.Read(ref programs);
        var text = new StringBuilder($"captured function '{Name}': {all.Length} program{(all.Length == 1 ? "" : "s")}\n");
        foreach (var program in all) text.Append(program.Explain());
        return text.ToString();
    }

    /// <summary>The results of the function's body, where the call itself is being recorded: in another function's capture, or in a compiled region.</summary>
    private protected Tensor[]? Inlined(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<double> numbers)
    {
        RequireArity(inputs.Length);
        foreach (var input in inputs) ArgumentNullException.ThrowIfNull(input, nameof(inputs));
        if (inputs.Length == 0 || inputs[0].Device.Engine.CurrentFlow is not { InRegion: true }) return null;
        var scalars = new Scalar[numbers.Length];
        for (var i = 0; i < scalars.Length; i++) scalars[i] = new(numbers[i]);
        return Body(inputs.ToArray(), scalars);
    }

    /// <summary>The program for arguments such as these, captured now where there is none.</summary>
    private protected CapturedProgram Find(ReadOnlySpan<Tensor> inputs, int numbers, CancellationToken cancellationToken)
    {
        foreach (var program in Volatile.Read(ref programs))
            if (program.Signature.Fits(inputs, numbers)) return program;
        if (inputs.Length == 0) throw new CaptureException($"captured function '{Name}' was given no tensor; it needs one at least, which says on which device it runs");
        return Capture(CaptureSignature.Of(inputs, numbers, Name), cancellationToken);
    }

    private CapturedProgram Capture(CaptureSignature signature, CancellationToken cancellationToken)
    {
        using var one = capturing.EnterScope();
        if (Array.Find(programs, p => p.Signature.Equals(signature)) is { } made) return made;
        var program = new CaptureRecorder(this, signature).Record(cancellationToken);
        var kept = programs.Length < MostPrograms ? programs : programs[..(MostPrograms - 1)];
        Volatile.Write(ref programs, [program, .. kept]);
        return program;
    }

    private void RequireArity(int count)
    {
        if (arity is { } takes && takes != count) throw new CaptureException($"captured function '{Name}' takes {takes} tensor{(takes == 1 ? "" : "s")} but was given {count}");
    }
}

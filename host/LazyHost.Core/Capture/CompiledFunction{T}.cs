namespace LazyHost;

/// <summary>A captured function with a result of a certain kind: a tensor or an array of tensors.</summary>
/// <typeparam name="T">The kind of result.</typeparam>
public sealed class CompiledFunction<T> : CompiledFunction
{
    private readonly Wrap wrap;
    private readonly Func<Tensor[], T> recorded;

    internal CompiledFunction(Func<Tensor[], Scalar[], Tensor[]> body, Wrap wrap, Func<Tensor[], T> recorded, int? arity, string? name, CallSite site) : base(body, arity, name, site) =>
        (this.wrap, this.recorded) = (wrap, recorded);

    internal delegate T Wrap(ReadOnlySpan<DeviceData> results);

    /// <summary>Runs it. The results are fresh tensors that no later run changes; gradients do not flow to them.</summary>
    /// <param name="inputs">The arguments.</param>
    /// <exception cref="CaptureException">The function cannot be captured, or the arguments do not fit it.</exception>
    /// <exception cref="LazyHostException">It cannot be compiled, or the run failed on the caller's thread. A function that assigns to tensors has left them as they were.</exception>
    public T Run(params ReadOnlySpan<Tensor> inputs) => Run(inputs, numbers: default);

    /// <summary>Runs it with values of its <see cref="Scalar"/> arguments.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor})"/>
    public T Run(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<double> numbers)
    {
        if (Inlined(inputs, numbers) is { } inlined) return recorded(inlined);
        var program = Find(inputs, numbers.Length, CancellationToken.None);
        var frame = program.Rent();
        try
        {
            if (!QuickReplay.TryRun(program, frame, inputs, [], numbers)) Replay.Run(program, frame, inputs, [], numbers);
            return wrap(frame.Results);
        }
        finally { program.Return(frame); }
    }
}

namespace LazyHost.Tests;

/// <summary>An engine whose device <c>own:0</c> refuses some operators, and devices it falls back to.</summary>
public sealed class PartialEngine : IAsyncDisposable
{
    public PartialEngine(PartialBackend own, params PartialBackend[] chain) : this(new(), own, chain) { }

    public PartialEngine(LazyEngineOptions options, PartialBackend own, params PartialBackend[] chain)
    {
        (Own, Chain) = (own, chain);
        Engine = new(options with { FallbackChain = [.. chain.Select(b => b.Kind)] }, Log);
        Device = Engine.AddBackend(own, "own-plugin", "test")[0];
        foreach (var backend in chain) Engine.AddBackend(backend, $"{backend.Kind}-plugin", "test");
    }

    public LogList Log { get; } = new();

    public PartialBackend Own { get; }

    public IReadOnlyList<PartialBackend> Chain { get; }

    public LazyEngine Engine { get; }

    public Device Device { get; }

    public Device Fallback => Engine.Devices[1];

    /// <summary>Copies over edges: to and from the devices of the chain.</summary>
    public (int In, int Out) Copies => (Chain.Sum(b => b.Uploads), Chain.Sum(b => b.Downloads));

    /// <summary>Programs compiled: for the own device, and for the chain.</summary>
    public (int Own, int Chain) Parts => (Own.Compiled.Count, Chain.Sum(b => b.Compiled.Count));

    public Tensor Tensor(params float[] values) => LazyHost.Tensor.From(values, [values.Length], Device);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}

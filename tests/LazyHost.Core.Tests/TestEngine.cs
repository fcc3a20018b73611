using LazyHost.Backends;
using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>An engine with one backend, Reference unless another is given.</summary>
public sealed class TestEngine : IAsyncDisposable
{
    public TestEngine(LazyEngineOptions? options = null, IBackend? backend = null)
    {
        Engine = new(options);
        Device = Engine.AddBackend(backend ?? new ReferenceBackend(), "reference", "test")[0];
    }

    public LazyEngine Engine { get; }

    public Device Device { get; }

    public long Compiles => Engine.Metrics.UncachedCompile.Total;

    /// <summary>The programs that were made: compiled, or put together from code that was there.</summary>
    public long Programs => Compiles + Engine.Metrics.AssembledPrograms.Total;

    public long Hits => Engine.Metrics.CachedCompile.Total;

    public Tensor Tensor(params float[] values) => LazyHost.Tensor.From(values, [values.Length], Device);

    public ValueTask DisposeAsync() => Engine.DisposeAsync();
}

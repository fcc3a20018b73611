using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>The Reference backend, or another, with switches that make a stage fail or wait.</summary>
public sealed class FaultyBackend(IBackend? other = null) : IBackend
{
    private readonly IBackend inner = other ?? new ReferenceBackend();

    public string Kind { get; init; } = "faulty";

    public string Fingerprint => "faulty";

    public IReadOnlyList<DeviceDescription> Devices => inner.Devices;

    public Func<LoweringContext, CancellationToken, Exception?> OnCompile { get; set; } = static (_, _) => null;

    public Func<ExecutionArguments, Exception?> OnExecute { get; set; } = static _ => null;

    public Func<Exception?> OnDispose { get; set; } = static () => null;

    public Func<Exception?> OnDump { get; set; } = static () => null;

    public Func<Exception?> OnFetch { get; set; } = static () => null;

    public Func<long, Exception?> OnAllocate { get; set; } = static _ => null;

    /// <summary>True where it compiles although it is asked to make no code.</summary>
    public bool Cheats { get; init; }

    public PrimitiveKind? Unsupported { get; set; }

    public Task ExecuteGate { get; set; } = Task.CompletedTask;

    public Capability Query(in OperatorQuery query) =>
        query.Form is Primitive p && p.Kind == Unsupported ? Capability.No : inner.Query(query);

    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        if (OnAllocate(byteSize) is { } error) throw error;
        return inner.Allocate(ordinal, byteSize);
    }

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken) => inner.CopyFromHostAsync(source, destination, cancellationToken);

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken) =>
        OnFetch() is { } error ? throw error : inner.CopyToHostAsync(source, destination, cancellationToken);

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => inner.CopyAsync(source, destination, byteSize, cancellationToken);

    public async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        if (OnCompile(context, cancellationToken) is { } error) throw error;
        return new LargeExecutable(await inner.CompileAsync(context, cancellationToken), this);
    }

    public async ValueTask<IExecutable?> AssembleAsync(LoweringContext context, CancellationToken cancellationToken) => Cheats ? await CompileAsync(context, cancellationToken) : null;

    public async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        await ExecuteGate;
        if (OnExecute(arguments) is { } error) throw error;
        await inner.ExecuteAsync(((LargeExecutable)executable).Inner, arguments, cancellationToken);
    }

    public MemoryStatistics GetMemoryStatistics(int ordinal) => inner.GetMemoryStatistics(ordinal);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>Says it is large, so that it goes through the queue instead of running on its caller's thread.</summary>
    private sealed class LargeExecutable(IExecutable inner, FaultyBackend owner) : IExecutable
    {
        public IExecutable Inner { get; } = inner;

        public long WorkspaceBytes => Inner.WorkspaceBytes;

        public long EstimatedOperations => long.MaxValue;

        public int KernelCount => Inner.KernelCount;

        public long ProgramBytes => Inner.ProgramBytes;

        public IReadOnlyList<AliasPair> MayAlias => Inner.MayAlias;

        public string Dump() => owner.OnDump() is { } error ? throw error : Inner.Dump();

        public void Dispose()
        {
            Inner.Dispose();
            if (owner.OnDispose() is { } error) throw error;
        }
    }
}

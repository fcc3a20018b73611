using System.Collections.Concurrent;
using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>The Reference backend with operators and primitives it refuses. It keeps account of what it is asked to do, and can be made to fail or to wait.</summary>
public sealed class PartialBackend(string kind, params string[] refused) : IBackend
{
    private readonly ReferenceBackend inner = new();
    private int uploads, downloads, running, disposed;

    public string Kind => kind;

    public string Fingerprint { get; init; } = "partial";

    public IReadOnlyList<DeviceDescription> Devices => inner.Devices;

    /// <summary>Device memory each of its programs asks for.</summary>
    public long WorkspaceBytes { get; init; }

    /// <summary>Makes it look large, so that its runs go through the queue.</summary>
    public bool IsSlow { get; init; }

    public Func<Exception?> OnExecute { get; set; } = static () => null;

    public Func<Exception?> OnCompile { get; set; } = static () => null;

    public Func<Exception?> OnQuery { get; init; } = static () => null;

    /// <summary>What a run waits for.</summary>
    public Task RunGate { get; set; } = Task.CompletedTask;

    /// <summary>Completes when a run has begun.</summary>
    public TaskCompletionSource Running { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Func<long, Exception?> OnAllocate { get; set; } = static _ => null;

    public Func<Exception?> OnFetch { get; set; } = static () => null;

    public Func<Task> OnDispose { get; set; } = static () => Task.CompletedTask;

    /// <summary>The operators of every program it compiled, primitives by their name without prefix.</summary>
    public ConcurrentQueue<string[]> Compiled { get; } = [];

    public int Uploads => uploads;

    public int Downloads => downloads;

    public int Runs => running;

    public bool IsDisposed => disposed > 0;

    public long BytesInUse => inner.GetMemoryStatistics(0).InUse;

    public Capability Query(in OperatorQuery query)
    {
        RequireAlive();
        if (OnQuery() is { } error) throw error;
        return refused.Contains(query.Form.Name) ? Capability.No : inner.Query(query);
    }

    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        RequireAlive();
        return OnAllocate(byteSize) is { } error ? throw error : inner.Allocate(ordinal, byteSize);
    }

    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken)
    {
        RequireAlive();
        Interlocked.Increment(ref uploads);
        return inner.CopyFromHostAsync(source, destination, cancellationToken);
    }

    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        RequireAlive();
        if (OnFetch() is { } error) throw error;
        Interlocked.Increment(ref downloads);
        return inner.CopyToHostAsync(source, destination, cancellationToken);
    }

    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken) => inner.CopyAsync(source, destination, byteSize, cancellationToken);

    public async ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        RequireAlive();
        if (OnCompile() is { } error) throw error;
        RequireAlive();
        Compiled.Enqueue([.. context.Graph.Nodes.ToArray().Where(n => n.Form is Primitive).Select(n => n.Form.Name["prim.".Length..])]);
        return new Executable(await inner.CompileAsync(context, cancellationToken), this);
    }

    public async ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        RequireAlive();
        Interlocked.Increment(ref running);
        Running.TrySetResult();
        await RunGate;
        RequireAlive();
        if ((arguments.Workspace?.ByteSize ?? 0) < executable.WorkspaceBytes) throw new InvalidOperationException("no workspace");
        if (OnExecute() is { } error) throw error;
        await inner.ExecuteAsync(((Executable)executable).Inner, arguments, cancellationToken);
    }

    public MemoryStatistics GetMemoryStatistics(int ordinal) => inner.GetMemoryStatistics(ordinal);

    public async ValueTask DisposeAsync()
    {
        await OnDispose();
        Interlocked.Increment(ref disposed);
        await inner.DisposeAsync();
    }

    private void RequireAlive() => Assert.False(IsDisposed, "the backend was used after it was disposed");

    private sealed class Executable(IExecutable inner, PartialBackend owner) : IExecutable
    {
        public IExecutable Inner { get; } = inner;

        public long WorkspaceBytes => owner.WorkspaceBytes;

        public long EstimatedOperations => owner.IsSlow ? long.MaxValue : Inner.EstimatedOperations;

        public int KernelCount => Inner.KernelCount;

        public long ProgramBytes => Inner.ProgramBytes;

        public IReadOnlyList<AliasPair> MayAlias => Inner.MayAlias;

        public string Dump() => Inner.Dump();

        public void Dispose() => Inner.Dispose();
    }
}

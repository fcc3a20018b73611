using LazyHost.Backends.Simd.Memory;
using LazyHost.Backends.Simd.Threading;

namespace LazyHost.Backends.Simd.Execution;

/// <summary>What a step of one run sees: the addresses of the program's buffers, and the scalar block.</summary>
internal readonly unsafe struct RunContext(byte** buffers, long* scalars, NativePool pool, WorkerPool workers)
{
    public byte** Buffers { get; } = buffers;

    public long* Scalars { get; } = scalars;

    public NativePool Pool { get; } = pool;

    public WorkerPool Workers { get; } = workers;
}

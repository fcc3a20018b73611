using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>What the steps of one run see.</summary>
/// <param name="session">The device.</param>
/// <param name="buffers">The number of the program's buffers.</param>
internal sealed class RunContext(DeviceSession session, int buffers) : IDisposable
{
    private readonly ArrayView<byte>[] views = new ArrayView<byte>[buffers];
    private readonly List<DeviceBuffer> rented = [], reusable = [];

    public DeviceSession Session { get; } = session;

    public AcceleratorStream Stream => Session.Stream;

    /// <summary>The program's scalar block in device memory; empty where it takes none.</summary>
    public ArrayView<long> Scalars { get; set; }

    /// <summary>A buffer of the program, by its place in <see cref="LazyHost.Lowering.Programs.KernelProgram.Buffers"/>.</summary>
    public ArrayView<byte> Bytes(int buffer) => views[buffer];

    /// <summary>The same as elements of the type its kernels are written for.</summary>
    public ArrayView<T> View<T>(int buffer) where T : unmanaged => views[buffer].Cast<T>();

    public void Bind(int buffer, ArrayView<byte> view) => views[buffer] = view;

    /// <summary>Memory for this run alone. To be disposed once the step has told the stream all it does with it: the stream's order protects it.</summary>
    /// <exception cref="DeviceMemoryException">There is not enough.</exception>
    public ScratchBuffer Rent(long byteSize)
    {
        var best = -1;
        for (var i = 0; i < reusable.Count; i++)
            if (reusable[i].ByteSize >= byteSize && (best < 0 || reusable[i].ByteSize < reusable[best].ByteSize)) best = i;
        if (best >= 0)
        {
            var again = reusable[best];
            reusable.RemoveAt(best);
            return new(this, again);
        }
        var fresh = Session.Memory.Rent(byteSize);
        rented.Add(fresh);
        return new(this, fresh);
    }

    public void Reuse(DeviceBuffer buffer) => reusable.Add(buffer);

    /// <summary>Gives back what was rented. The device must be done with the run.</summary>
    public void Dispose()
    {
        foreach (var buffer in rented) buffer.Dispose();
        rented.Clear();
        reusable.Clear();
        Scalars = default;
    }
}

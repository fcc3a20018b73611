using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>What the steps of one run see.</summary>
/// <param name="session">The device.</param>
/// <param name="buffers">By the program's buffer: its memory, 256-byte aligned or at an offset that is a multiple of 64.</param>
/// <param name="scalars">The program's scalar block in device memory; empty where it takes none.</param>
internal sealed class RunContext(DeviceSession session, ArrayView<byte>[] buffers, ArrayView<long> scalars)
{
    public DeviceSession Session { get; } = session;

    public AcceleratorStream Stream => Session.Stream;

    public ArrayView<long> Scalars { get; } = scalars;

    /// <summary>A buffer of the program, by its place in <see cref="LazyHost.Lowering.Programs.KernelProgram.Buffers"/>.</summary>
    public ArrayView<byte> Bytes(int buffer) => buffers[buffer];

    /// <summary>The same as elements of the type its kernels are written for.</summary>
    public ArrayView<T> View<T>(int buffer) where T : unmanaged => buffers[buffer].Cast<T>();

    /// <summary>Memory for this run alone. To be disposed once the step has told the stream all it does with it: the stream's order protects it.</summary>
    public DeviceBuffer Rent(long byteSize) => Session.Memory.Rent(byteSize);
}

using ILGPU;
using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>Memory of one run. Once disposed, later steps of the run may get it; other runs only when this one is over.</summary>
internal readonly struct ScratchBuffer(RunContext run, DeviceBuffer buffer) : IDisposable
{
    public ArrayView<byte> View => buffer.View;

    public void Dispose() => run.Reuse(buffer);
}

using ILGPU;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Code for all kernels of one structure and schedule.</summary>
/// <param name="Name">What tells it from all others in any process.</param>
/// <param name="Parameters">The buffers it takes, as elements of which types.</param>
/// <param name="Launcher">ILGPU's launcher.</param>
/// <param name="Adapter">Calls the launcher: with the stream, the groups, the numbers, the scalar block and, by parameter, the bytes of its buffer.</param>
internal sealed record KernelCode(
    string Name,
    KernelParameter[] Parameters,
    Delegate Launcher,
    Action<Delegate, AcceleratorStream, KernelConfig, ArrayView<long>, ArrayView<long>, ArrayView<byte>[]> Adapter);

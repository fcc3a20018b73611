using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace LazyHost.Ilgpu.Tests.Backend;

/// <summary>Kernels that are wrong on purpose: the emulated driver finds what a device would let pass, or end a context for.</summary>
[Collection(nameof(CudaFailureTests))]
public sealed class CudaEmulatorTests : IDisposable
{
    private readonly CudaEmulator emulator = CudaEmulator.Require();

    [Theory]
    [InlineData(nameof(WriteFarOutside), "CUDA_ERROR_ILLEGAL_ADDRESS")]
    [InlineData(nameof(WriteOneOutside), "CUDA_ERROR_ILLEGAL_ADDRESS")]
    [InlineData(nameof(WriteBetween), "CUDA_ERROR_MISALIGNED_ADDRESS")]
    [InlineData(nameof(WaitInPart), "CUDA_ERROR_LAUNCH_FAILED")]
    [InlineData(nameof(LeaveEarly), "CUDA_ERROR_LAUNCH_FAILED")]
    [InlineData(nameof(ReadUnfinished), "CUDA_ERROR_LAUNCH_FAILED")]
    public void A_wrong_kernel_ends_its_context(string kernel, string error)
    {
        emulator.Set("RACES", "1");
        using var device = new TestDevice();
        var launch = device.Session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<int>, int>>(typeof(CudaEmulatorTests).GetMethod(kernel, BindingFlags.NonPublic | BindingFlags.Static)!);
        var memory = device.Session.Accelerator.Allocate1D<int>(64); // ends with the session: by itself, a broken context does not let it go
        device.Session.Accelerator.Bind();
        launch(device.Session.Stream, new KernelConfig(1, 64), memory.View.BaseView, 32);
        Assert.Equal(error, Assert.Throws<CudaException>(device.Session.Stream.Synchronize).Error);
        Assert.Equal(error, Assert.Throws<CudaException>(() => device.Session.Accelerator.Allocate1D<int>(1)).Error);
    }

    public void Dispose() => emulator.Dispose();

    private static void WriteFarOutside(ArrayView<int> to, int half) => to[half << 20] = 1;

    private static void WriteOneOutside(ArrayView<int> to, int half) => to[Group.IdxX + 1 + half - 32] = 1;

    private static void WriteBetween(ArrayView<int> to, int half) => to.Cast<byte>().SubView(half - 31, 8).Cast<int>()[0] = 1;

    private static void WaitInPart(ArrayView<int> to, int half)
    {
        if (to[Group.IdxX] == Group.IdxX) return;
        to[Group.IdxX] = Group.IdxX;
        if (Group.IdxX < half - 1) Group.Barrier();
        to[0] = 1;
    }

    private static void LeaveEarly(ArrayView<int> to, int half)
    {
        if (Group.IdxX >= half) return;
        Group.Barrier();
        to[0] = 1;
    }

    private static void ReadUnfinished(ArrayView<int> to, int half)
    {
        var shared = SharedMemory.Allocate<int>(64);
        shared[Group.IdxX] = half;
        to[Group.IdxX] = shared[63 - Group.IdxX];
    }
}

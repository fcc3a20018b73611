using ILGPU.Runtime;
using LazyHost.Backends;
using LazyHost.Backends.Ilgpu;
using LazyHost.Backends.Ilgpu.Cublas;
using LazyHost.IR;
using LazyHost.Operators;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Ilgpu.Tests.Backend;

/// <summary>What CUDA's driver and cuBLAS can refuse, on the emulated ones.</summary>
[Collection(nameof(CudaFailureTests))]
[CollectionDefinition(nameof(CudaFailureTests), DisableParallelization = true)]
public sealed class CudaFailureTests : IDisposable
{
    private readonly CudaEmulator emulator = CudaEmulator.Require();

    [Theory]
    [InlineData(100, "CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected")]
    [InlineData(803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803): system has unsupported display driver / cuda driver combination")]
    [InlineData(12345, "error (12345): it has no text for this")]
    public async Task A_driver_that_does_not_start_says_why(int code, string text)
    {
        emulator.Fail($"cuInit:{code}");
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        Assert.Empty(backend.Devices);
        Assert.Equal($"the NVIDIA driver is installed, but does not start: {text}", Assert.Single(backend.Notes));
    }

    [Theory, InlineData("10020"), InlineData("9000")]
    public async Task A_driver_that_is_too_old_is_named(string version)
    {
        emulator.Set("DRIVER", version);
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        Assert.Empty(backend.Devices);
        Assert.Contains("install a newer driver", Assert.Single(backend.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_opens_no_context_is_gone()
    {
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        emulator.Fail("cuCtxCreate_v2:46");
        var error = Assert.Throws<DeviceGoneException>(() => backend.Allocate(0, 4));
        Assert.Contains("cuda:0 (Emulated CUDA device) cannot be opened", error.Message, StringComparison.Ordinal);
        emulator.Fail("");
        using var buffer = backend.Allocate(0, 4);
    }

    [Theory]
    [InlineData("cuLaunchKernel:700", "ILLEGAL_ADDRESS")]
    [InlineData("cuLaunchKernel:719:2", "LAUNCH_FAILED")]
    [InlineData("cuEventCreate:700", "ILLEGAL_ADDRESS")]
    [InlineData("cuEventRecord:716", "MISALIGNED_ADDRESS")]
    [InlineData("cuEventQuery:700", "ILLEGAL_ADDRESS")]
    [InlineData("cuEventSynchronize:214", "ECC_UNCORRECTABLE")]
    [InlineData("cuMemcpyAsync:700", "ILLEGAL_ADDRESS")]
    [InlineData("cuMemcpyAsync:715:2", "ILLEGAL_INSTRUCTION")]
    public async Task A_device_lost_in_a_run_is_gone_for_all_and_others_go_on(string call, string reason)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        await using var other = new IlgpuBackend(AcceleratorType.Cuda, new());
        await AssertRuns(other);
        var (program, arguments, bytes) = await Prepare(backend);
        emulator.Fail(call);
        var error = await Assert.ThrowsAsync<DeviceGoneException>(async () =>
        {
            for (var i = 0; i < 2; i++) await Run(backend, program, arguments, bytes);
        });
        emulator.Fail("");
        Assert.Contains($"cuda:0 (Emulated CUDA device) was lost: CUDA_ERROR_{reason}", error.Message, StringComparison.Ordinal);
        Assert.Throws<DeviceGoneException>(() => backend.Allocate(0, 4));
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.CopyFromHostAsync(bytes, arguments.Inputs[0], cancellation));
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.CopyToHostAsync(arguments.Inputs[0], bytes, cancellation));
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.CopyAsync(arguments.Inputs[0], arguments.Outputs[0], 4, cancellation));
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.ExecuteAsync(program, arguments, cancellation));
        await Assert.ThrowsAsync<DeviceGoneException>(async () => await backend.CompileAsync(Sum(), cancellation));
        await AssertRuns(other);
    }

    [Theory, InlineData("cuMemAlloc_v2:2"), InlineData("cuMemHostRegister_v2:2"), InlineData("cuModuleLoadData:2"), InlineData("cuEventCreate:2"), InlineData("cuLaunchKernel:2")]
    public async Task No_memory_left_is_an_error_after_which_the_device_works(string call)
    {
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        emulator.Fail(call);
        var error = await Assert.ThrowsAsync<DeviceMemoryException>(() => AssertRuns(backend));
        Assert.Contains("CUDA_ERROR_OUT_OF_MEMORY", error.Message, StringComparison.Ordinal);
        emulator.Fail("");
        await AssertRuns(backend);
    }

    [Fact]
    public async Task A_small_device_gives_what_it_has()
    {
        // What other tests hold of the device's 2 GiB stays theirs.
        long taken;
        using (var device = new TestDevice()) taken = device.Session.Accelerator.MemorySize - ((ILGPU.Runtime.Cuda.CudaAccelerator)device.Session.Accelerator).GetFreeMemory();
        var size = ((taken + (1 << 20) - 1) >> 20) + 40;
        emulator.Set("MEMORY", size.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await using var backend = new IlgpuBackend(AcceleratorType.Cuda, new());
        using (backend.Allocate(0, 30 << 20))
        {
            var error = Assert.Throws<DeviceMemoryException>(() => backend.Allocate(0, 20 << 20));
            Assert.Contains($"of {size << 20:N0}", error.Message, StringComparison.Ordinal);
        }
        using var again = backend.Allocate(0, 39 << 20);
    }

    [Fact]
    public void A_kernel_the_driver_does_not_take_is_an_error_of_compilation()
    {
        using var device = new TestDevice();
        emulator.Fail("cuModuleLoadData:218");
        var graph = Emission.KernelGraphs.Maps([24], DType.Float32);
        var error = Assert.Throws<CompilationException>(() => Emission.KernelRunner.Run(device.Session, graph));
        Assert.Contains("CUDA_ERROR_INVALID_PTX", error.Message, StringComparison.Ordinal);
        var method = typeof(CudaFailureTests).GetMethod(nameof(Kernel), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!;
        error = Assert.Throws<CompilationException>(() => device.Session.Kernels.Get<Action<AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<int>>>(method));
        Assert.Contains("does not take kernel Kernel: CUDA_ERROR_INVALID_PTX", error.Message, StringComparison.Ordinal);
        emulator.Fail("");
        Emission.KernelRunner.Run(device.Session, graph);
        device.Session.Kernels.Get<Action<AcceleratorStream, ILGPU.KernelConfig, ILGPU.ArrayView<int>>>(method);
    }

    [Fact]
    public void A_cuBLAS_that_does_not_start_says_what_to_do()
    {
        if (CublasLibrary.Instance is null) Assert.Skip("there is no cuBLAS here");
        using var device = new TestDevice();
        emulator.Fail("cublasCreate_v2:1");
        Assert.Contains("libcublas.so.12 does not start on test:0 (Emulated CUDA device): status 1", Assert.Throws<CompilationException>(() => CublasHandle.TryCreate(device.Session)).Message, StringComparison.Ordinal);
        emulator.Fail("cublasCreate_v2:3");
        Assert.Throws<DeviceMemoryException>(() => CublasHandle.TryCreate(device.Session));
        emulator.Fail("cublasSetStream_v2:14");
        Assert.Contains("status 14", Assert.Throws<CompilationException>(() => CublasHandle.TryCreate(device.Session)).Message, StringComparison.Ordinal);
        emulator.Fail("");
        using var handle = CublasHandle.TryCreate(device.Session);
        Assert.NotNull(handle);
    }

    public void Dispose() => emulator.Dispose();

    private static void Kernel(ILGPU.ArrayView<int> to) => to[ILGPU.Group.IdxX] = 1;

    private static LoweringContext Sum()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [64]));
        builder.AddRoot(builder.Emit(Primitives.Add, [x, x], Attributes.Of()));
        return new("sum", new("cuda", 0), builder.Build(), new(), NullLogger.Instance);
    }

    private static async Task<(IExecutable Program, ExecutionArguments Arguments, byte[] Bytes)> Prepare(IlgpuBackend backend)
    {
        var program = await backend.CompileAsync(Sum(), TestContext.Current.CancellationToken);
        var bytes = new byte[256];
        for (var i = 0; i < 64; i++) BitConverter.TryWriteBytes(bytes.AsSpan(4 * i), (float)i);
        return (program, new() { Inputs = [backend.Allocate(0, 256)], Outputs = [backend.Allocate(0, 256)] }, bytes);
    }

    private static async Task<byte[]> Run(IlgpuBackend backend, IExecutable program, ExecutionArguments arguments, byte[] bytes)
    {
        await backend.CopyFromHostAsync(bytes, arguments.Inputs[0], TestContext.Current.CancellationToken);
        await backend.ExecuteAsync(program, arguments, TestContext.Current.CancellationToken);
        var result = new byte[256];
        await backend.CopyToHostAsync(arguments.Outputs[0], result, TestContext.Current.CancellationToken);
        return result;
    }

    private static async Task AssertRuns(IlgpuBackend backend)
    {
        var (program, arguments, bytes) = await Prepare(backend);
        var result = await Run(backend, program, arguments, bytes);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => 2f * i), Enumerable.Range(0, 64).Select(i => BitConverter.ToSingle(result, 4 * i)));
        foreach (var buffer in arguments.Inputs.Concat(arguments.Outputs)) buffer.Dispose();
        program.Dispose();
    }
}

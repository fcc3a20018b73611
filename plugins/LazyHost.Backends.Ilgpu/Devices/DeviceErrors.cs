using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace LazyHost.Backends.Ilgpu.Devices;

/// <summary>What a driver's errors mean.</summary>
internal static class DeviceErrors
{
    /// <summary>The driver's name of an error; OpenCL's messages do not say it.</summary>
    public static string Describe(Exception e) => e switch
    {
        CudaException cuda => $"{cuda.Error}: {cuda.Message}",
        CLException cl => cl.Error.ToString(),
        _ => $"{e.GetType().Name}: {e.Message}",
    };

    /// <summary>True for errors after which a device answers nothing any more in this process: nearly all that a running kernel can cause, as the drivers see it.</summary>
    public static bool IsLost(Exception e) => e switch
    {
        CudaException cuda => cuda.Error is "CUDA_ERROR_DEINITIALIZED" or "CUDA_ERROR_ECC_UNCORRECTABLE" or "CUDA_ERROR_NVLINK_UNCORRECTABLE" or "CUDA_ERROR_ILLEGAL_ADDRESS"
            or "CUDA_ERROR_LAUNCH_TIMEOUT" or "CUDA_ERROR_CONTEXT_IS_DESTROYED" or "CUDA_ERROR_ASSERT" or "CUDA_ERROR_HARDWARE_STACK_ERROR" or "CUDA_ERROR_ILLEGAL_INSTRUCTION"
            or "CUDA_ERROR_MISALIGNED_ADDRESS" or "CUDA_ERROR_INVALID_ADDRESS_SPACE" or "CUDA_ERROR_INVALID_PC" or "CUDA_ERROR_LAUNCH_FAILED" or "CUDA_ERROR_UNKNOWN",
        CLException cl => cl.Error is CLError.CL_DEVICE_NOT_AVAILABLE or CLError.CL_INVALID_COMMAND_QUEUE or CLError.CL_INVALID_CONTEXT,
        _ => false,
    };

    /// <summary>True where a device has no memory for what was asked.</summary>
    public static bool IsOutOfMemory(Exception e) => e switch
    {
        CudaException cuda => cuda.Error is "CUDA_ERROR_OUT_OF_MEMORY",
        CLException cl => cl.Error is CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE,
        _ => e is OutOfMemoryException,
    };
}

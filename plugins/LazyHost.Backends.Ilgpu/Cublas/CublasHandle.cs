using System.Globalization;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.Backends.Ilgpu.Cublas;

/// <summary>cuBLAS in use on one device, on the stream of its programs. Numbers of 32 bits are multiplied in full precision, and 16-bit ones summed in f32.</summary>
internal sealed unsafe class CublasHandle : IDisposable
{
    /// <summary>CUBLAS_DEFAULT_MATH with CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION.</summary>
    private const int MathMode = 16;

    /// <summary>CUBLAS_STATUS_ALLOC_FAILED.</summary>
    private const int NoMemory = 3;

    private readonly CublasLibrary library;
    private nint handle;

    private CublasHandle(CublasLibrary library, nint handle) => (this.library, this.handle) = (library, handle);

    /// <summary>A handle for a device, or null where it is not NVIDIA's or cuBLAS is absent.</summary>
    /// <exception cref="DeviceMemoryException">The device has no memory left for cuBLAS.</exception>
    /// <exception cref="CompilationException">cuBLAS is there, but does not start.</exception>
    public static CublasHandle? TryCreate(DeviceSession session)
    {
        if (session.Stream is not CudaStream stream || CublasLibrary.Instance is not { } library) return null;
        session.Accelerator.Bind();
        nint handle;
        var status = library.Create(&handle);
        if (status == 0)
        {
            status = library.SetStream(handle, stream.StreamPtr) is var set and not 0 ? set : library.SetMathMode(handle, MathMode);
            if (status == 0) return new(library, handle);
            library.Destroy(handle);
        }
        if (status == NoMemory) throw new DeviceMemoryException($"{session.Name} has no memory left for {library.Name}");
        throw new CompilationException(string.Create(CultureInfo.InvariantCulture,
            $"{library.Name} does not start on {session.Name}: status {status}. Its version may need a newer driver: install another, or set LazyHost:Backends:ilgpu:Cublas to false, and the plugin's own kernels multiply"));
    }

    /// <summary>Tells the stream to multiply. The device must be bound.</summary>
    /// <exception cref="ExecutionException">cuBLAS refuses.</exception>
    public void Multiply(in GemmCall call, DType type, nint first, nint second, nint result)
    {
        var (one, zero, wideOne, wideZero) = (1f, 0f, 1d, 0d);
        var isDouble = type == DType.Float64;
        var (factor, keep) = isDouble ? ((nint)(&wideOne), (nint)(&wideZero)) : ((nint)(&one), (nint)(&zero));
        // CUDA_R_16F, 16BF, 64F, 32F; CUBLAS_COMPUTE_64F, 32F; CUBLAS_GEMM_DEFAULT.
        var (data, compute, algorithm) = (type switch { DType.Float16 => 2, DType.BFloat16 => 14, DType.Float64 => 1, _ => 0 }, isDouble ? 70 : 68, -1);
        var (turnFirst, turnSecond) = (call.First.IsTurned ? 1 : 0, call.Second.IsTurned ? 1 : 0);
        var status = call.Batch == 1
            ? library.Multiply(handle, turnFirst, turnSecond, call.Rows, call.Columns, call.Depth, (void*)factor, first, data, call.First.Leading, second, data, call.Second.Leading,
                (void*)keep, result, data, call.Result.Leading, compute, algorithm)
            : library.MultiplyBatch(handle, turnFirst, turnSecond, call.Rows, call.Columns, call.Depth, (void*)factor, first, data, call.First.Leading, call.First.BatchStride,
                second, data, call.Second.Leading, call.Second.BatchStride, (void*)keep, result, data, call.Result.Leading, call.Result.BatchStride, call.Batch, compute, algorithm);
        if (status == NoMemory) throw new DeviceMemoryException($"{library.Name} found no memory left for a product");
        if (status != 0)
            throw new ExecutionException(string.Create(CultureInfo.InvariantCulture, $"{library.Name} failed with status {status} for a product of {call.Columns} x {call.Depth} and {call.Depth} x {call.Rows} of {type.Name()}"));
    }

    public void Dispose()
    {
        if (handle != 0) library.Destroy(handle);
        handle = 0;
    }
}

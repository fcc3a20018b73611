using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Cublas;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.GpuBenchmarks;

/// <summary>A square product by cuBLAS with nothing of the backend in between but its binding, in cuBLAS's own default mode.</summary>
internal sealed unsafe class DirectProduct : DeviceStep, IDisposable
{
    private readonly CublasLibrary library = CublasLibrary.Instance ?? throw new InvalidOperationException($"cuBLAS: {CublasLibrary.Description}");
    private readonly DotStep step;
    private readonly nint handle;

    public DirectProduct(DeviceSession session, DotStep step)
    {
        this.step = step;
        session.Accelerator.Bind();
        nint created;
        Require(library.Create(&created));
        handle = created;
        Require(library.SetStream(handle, ((CudaStream)session.Stream).StreamPtr));
    }

    public override void Enqueue(RunContext context)
    {
        var (one, zero, n) = (1f, 0f, (int)step.N);
        var type = step.DType == DType.BFloat16 ? 14 : 0; // CUDA_R_16BF, CUDA_R_32F; 68 is CUBLAS_COMPUTE_32F
        // Rows that lie packed are columns to cuBLAS: it multiplies the turned B and the turned A.
        Require(library.Multiply(handle, 0, 0, n, n, n, &one, Address(context, step.B), type, n, Address(context, step.A), type, n, &zero, Address(context, step.C), type, n, 68, -1));
    }

    public void Dispose() => library.Destroy(handle);

    private static nint Address(RunContext context, MatrixOperand operand) => context.Bytes(operand.Buffer).LoadEffectiveAddressAsPtr();

    private static void Require(int status)
    {
        if (status != 0) throw new InvalidOperationException($"cuBLAS failed with status {status}");
    }
}

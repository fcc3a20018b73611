using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>When products take tensor cores.</summary>
internal static class TensorCore
{
    private const long LeastSize = 64;

    /// <summary>True where the device has the instruction.</summary>
    public static bool IsOn(Accelerator accelerator) => accelerator is CudaAccelerator cuda && cuda.Architecture >= CudaArchitecture.SM_80;

    /// <summary>True where both sides of a product can be loaded eight numbers at a time, and the results are worth whole tiles.</summary>
    public static bool Fits(DotStep step) =>
        step.DType is DType.Float16 or DType.BFloat16 && Math.Min(step.M, step.N) >= LeastSize && step.K > 0 && Math.Max(Math.Max(step.M, step.N), step.K) <= int.MaxValue / 2
        && HalfLines.Fits(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, step.M, step.K)
        && HalfLines.Fits(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, step.N, step.K);
}

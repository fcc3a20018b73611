using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Convolutions;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>When products take tensor cores.</summary>
internal static class TensorCore
{
    private const long LeastSize = 64;

    /// <summary>A quarter of a tile: gathering windows costs the same whoever multiplies them.</summary>
    private const int LeastFilters = 32;

    /// <summary>True where the device has the instruction.</summary>
    public static bool IsOn(Accelerator accelerator) => accelerator is CudaAccelerator cuda && cuda.Architecture >= CudaArchitecture.SM_80;

    /// <summary>True where both sides of a product can be loaded eight numbers at a time, and the results are worth whole tiles.</summary>
    public static bool Fits(DotStep step) =>
        step.DType is DType.Float16 or DType.BFloat16 && Math.Min(step.M, step.N) >= LeastSize && step.K > 0 && Math.Max(Math.Max(step.M, step.N), step.K) <= int.MaxValue / 2
        && HalfLines.Fits(step.A.Offset, step.A.BatchStride, step.A.RowStride, step.A.ColumnStride, step.M, step.K)
        && HalfLines.Fits(step.B.Offset, step.B.BatchStride, step.B.ColumnStride, step.B.RowStride, step.N, step.K);

    /// <summary>True where the filters of a convolution can be loaded so and are enough to be worth tiles, and no zeros lie between the elements of the images.</summary>
    public static bool Fits(DType type, WindowSizes sizes) =>
        type is DType.Float16 or DType.BFloat16 && !sizes.HasZeros && sizes.Rows >= LeastFilters && sizes.Columns >= LeastSize && sizes.Depth > 0 && HalfLines.Fits(0, 0, sizes.Depth, 1, sizes.Rows, sizes.Depth);
}

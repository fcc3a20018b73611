namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>
/// Which lane of a warp holds which sums of mma.m16n8k16 (PTX ISA, "Matrix Fragments for mma.m16n8k16"): 16 x 8 in four registers. What it holds of A and B is how <see cref="HalfSlice"/> lies.
/// </summary>
internal static class MmaFragment
{
    /// <summary>The row of a sum.</summary>
    public static int RowOfSum(int lane, int register) => (lane >> 2) + ((register >> 1) << 3);

    /// <summary>The column of a sum.</summary>
    public static int ColumnOfSum(int lane, int register) => ((lane & 3) << 1) + (register & 1);
}

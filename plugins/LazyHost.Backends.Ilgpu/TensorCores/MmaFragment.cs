namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>
/// Which lane of a warp holds what of mma.m16n8k16 with 16-bit operands (PTX ISA, "Matrix Fragments for mma.m16n8k16"): A is 16 x 16 in four registers of two neighbouring columns, B 16 x 8 in two registers of two
/// neighbouring rows, the sums 16 x 8 in four registers. The lower half of a register is the first of the two.
/// </summary>
internal static class MmaFragment
{
    /// <summary>The row of A in a register.</summary>
    public static int RowOfA(int lane, int register) => (lane >> 2) + ((register & 1) << 3);

    /// <summary>The pair of columns of A in a register.</summary>
    public static int PairOfA(int lane, int register) => (lane & 3) + ((register >> 1) << 2);

    /// <summary>The pair of rows of B in a register.</summary>
    public static int PairOfB(int lane, int register) => (lane & 3) + (register << 2);

    /// <summary>The column of B in every register.</summary>
    public static int ColumnOfB(int lane) => lane >> 2;

    /// <summary>The row of a sum.</summary>
    public static int RowOfSum(int lane, int register) => (lane >> 2) + ((register >> 1) << 3);

    /// <summary>The column of a sum.</summary>
    public static int ColumnOfSum(int lane, int register) => ((lane & 3) << 1) + (register & 1);
}

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>The operations that emitted code is made of. Each is one method of a vector class, or a few lines in <see cref="LaneFunctions"/>.</summary>
internal enum LaneOp : byte
{
    /// <summary>A literal: Bits is the lane's bit pattern, or 0 or 1 for a mask.</summary>
    Constant,
    /// <summary>A number of the scalar block: Index is the slot, Source its type.</summary>
    Scalar,
    /// <summary>An element: Index is the access.</summary>
    Load,
    /// <summary>A loop index: Index is the loop.</summary>
    LoopIndex,
    /// <summary>The result of reduction Index of stage Bits.</summary>
    Reduced,
    Add, Subtract, Multiply, Divide, Sqrt, FusedMultiplyAdd, Floor, Ceiling, Round, Truncate, Max, Min,
    /// <summary>a &lt; b ? a : b.</summary>
    PickLess,
    /// <summary>a > b ? a : b.</summary>
    PickGreater,
    BitwiseAnd, BitwiseOr, Xor, OnesComplement,
    /// <summary>Shifts by Bits.</summary>
    ShiftLeft, ShiftRightLogical, ShiftRightArithmetic,
    Equals, LessThan, LessThanOrEqual, ConditionalSelect,
    /// <summary>a * 2^b for whole b, rounded once.</summary>
    Scale,
    /// <summary>To another lane type by value: floats to integers truncate and saturate, NaN gives 0; integers wrap.</summary>
    Convert,
    /// <summary>The same bits as a type of equal size.</summary>
    Reinterpret,
    /// <summary>A static method on single lanes; only in scalar code.</summary>
    Call,
    /// <summary>A static method with vector and scalar overloads.</summary>
    Function,
}

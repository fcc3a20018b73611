namespace LazyHost.Lowering.Lanes;

/// <summary>The operations that emitted code is made of. Floats follow IEEE 754; compares with NaN are false; integers wrap.</summary>
public enum LaneOp : byte
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
    /// <summary>a + b.</summary>
    Add,
    /// <summary>a - b.</summary>
    Subtract,
    /// <summary>a * b.</summary>
    Multiply,
    /// <summary>a / b. Floats only: integers have <see cref="LaneFunction.Divide"/>.</summary>
    Divide,
    /// <summary>Correctly rounded where the device can.</summary>
    Sqrt,
    /// <summary>a * b + c, rounded once.</summary>
    FusedMultiplyAdd,
    /// <summary>Down to a whole number.</summary>
    Floor,
    /// <summary>Up to a whole number.</summary>
    Ceiling,
    /// <summary>To nearest, ties to even.</summary>
    Round,
    /// <summary>Towards 0 to a whole number.</summary>
    Truncate,
    /// <summary>NaN where an operand is NaN; +0 is greater than -0.</summary>
    Max,
    /// <summary>NaN where an operand is NaN; -0 is less than +0.</summary>
    Min,
    /// <summary>a &lt; b ? a : b.</summary>
    PickLess,
    /// <summary>a &gt; b ? a : b.</summary>
    PickGreater,
    /// <summary>a &amp; b, of masks too.</summary>
    BitwiseAnd,
    /// <summary>a | b, of masks too.</summary>
    BitwiseOr,
    /// <summary>a ^ b, of masks too.</summary>
    Xor,
    /// <summary>~a; of a mask, the other lanes.</summary>
    OnesComplement,
    /// <summary>a &lt;&lt; Bits.</summary>
    ShiftLeft,
    /// <summary>a >>> Bits.</summary>
    ShiftRightLogical,
    /// <summary>a >> Bits, keeping the sign.</summary>
    ShiftRightArithmetic,
    /// <summary>The mask of a == b.</summary>
    Equals,
    /// <summary>The mask of a &lt; b, by the signedness of the lanes.</summary>
    LessThan,
    /// <summary>The mask of a &lt;= b, by the signedness of the lanes.</summary>
    LessThanOrEqual,
    /// <summary>b where the mask a is set, else c.</summary>
    ConditionalSelect,
    /// <summary>a * 2^b for whole b, rounded once.</summary>
    Scale,
    /// <summary>To another lane type by value: floats to integers truncate and saturate, NaN gives 0; integers wrap.</summary>
    Convert,
    /// <summary>The same bits as a type of equal size.</summary>
    Reinterpret,
    /// <summary>A <see cref="LaneFunction"/> of single lanes; only in scalar code.</summary>
    Call,
    /// <summary>A <see cref="LaneFunction"/> that vectors can have, too.</summary>
    Function,
}

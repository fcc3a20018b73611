namespace LazyHost.IR;

/// <summary>
/// The closed set of primitives, to which every operator decomposes. Shapes are always written out: operands of element-wise primitives have equal types.
/// docs/operators.md states each one's attributes and edge cases; the Reference backend is their living definition.
/// </summary>
public enum PrimitiveKind
{
    /// <summary>Literal elements, or one for all.</summary>
    Constant,
    /// <summary>The index along an axis.</summary>
    Iota,
    /// <summary>-x.</summary>
    Neg,
    /// <summary>|x|.</summary>
    Abs,
    /// <summary>-1, 0 or 1; NaN for NaN; zeros keep their sign.</summary>
    Sign,
    /// <summary>Bitwise complement; logical for bool.</summary>
    Not,
    /// <summary>Rounds down.</summary>
    Floor,
    /// <summary>Rounds up.</summary>
    Ceil,
    /// <summary>Rounds to nearest, ties to even.</summary>
    Round,
    /// <summary>Rounds towards zero.</summary>
    Trunc,
    /// <summary>e^x.</summary>
    Exp,
    /// <summary>e^x - 1.</summary>
    Expm1,
    /// <summary>Natural logarithm.</summary>
    Log,
    /// <summary>log(1 + x).</summary>
    Log1p,
    /// <summary>Square root.</summary>
    Sqrt,
    /// <summary>1 / sqrt(x).</summary>
    Rsqrt,
    /// <summary>Sine.</summary>
    Sin,
    /// <summary>Cosine.</summary>
    Cos,
    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
    /// <summary>Error function.</summary>
    Erf,
    /// <summary>a + b; integers wrap.</summary>
    Add,
    /// <summary>a - b; integers wrap.</summary>
    Sub,
    /// <summary>a * b; integers wrap.</summary>
    Mul,
    /// <summary>a / b; integers truncate, x / 0 has all bits set, least / -1 is least.</summary>
    Div,
    /// <summary>Remainder with the sign of a; integers: x rem 0 is x.</summary>
    Rem,
    /// <summary>a ^ b; integers by squaring, wrapping; a negative exponent gives 0 unless a is 1 or -1; 0 to a negative exponent gives 0.</summary>
    Pow,
    /// <summary>The greater; NaN if either is NaN; +0 over -0.</summary>
    Max,
    /// <summary>The lesser; NaN if either is NaN; -0 over +0.</summary>
    Min,
    /// <summary>The angle of (b, a).</summary>
    Atan2,
    /// <summary>Bitwise and.</summary>
    And,
    /// <summary>Bitwise or.</summary>
    Or,
    /// <summary>Bitwise exclusive or.</summary>
    Xor,
    /// <summary>Shift left; by the width or more, or by less than 0, gives 0.</summary>
    ShiftLeft,
    /// <summary>Shift right, arithmetic for signed types; by the width or more, or by less than 0, gives 0 or -1 by sign.</summary>
    ShiftRight,
    /// <summary>a == b; false for NaN.</summary>
    Eq,
    /// <summary>a != b; true for NaN.</summary>
    Ne,
    /// <summary>a &lt; b.</summary>
    Lt,
    /// <summary>a &lt;= b.</summary>
    Le,
    /// <summary>a > b.</summary>
    Gt,
    /// <summary>a >= b.</summary>
    Ge,
    /// <summary>The second operand where the first (bool) is true, else the third.</summary>
    Select,
    /// <summary>Converts: floating-point to integer truncates and saturates, NaN gives 0; integers wrap; anything but 0 is true (NaN too).</summary>
    Cast,
    /// <summary>The same bits as another type of equal size.</summary>
    Bitcast,
    /// <summary>Repeats along dimensions.</summary>
    Broadcast,
    /// <summary>The same elements in row-major order under other sizes.</summary>
    Reshape,
    /// <summary>Reorders dimensions.</summary>
    Permute,
    /// <summary>Every stride-th element from start to limit of each dimension.</summary>
    Slice,
    /// <summary>Adds elements before, after and between; negative edge counts remove.</summary>
    Pad,
    /// <summary>Reverses along axes.</summary>
    Reverse,
    /// <summary>Joins along an axis.</summary>
    Concat,
    /// <summary>Sum over axes; 0 when there are none.</summary>
    ReduceSum,
    /// <summary>Product over axes; 1 when there are none.</summary>
    ReduceProd,
    /// <summary>Greatest over axes; NaN if any; the least value of the type when there are none.</summary>
    ReduceMax,
    /// <summary>Least over axes; NaN if any; the greatest value of the type when there are none.</summary>
    ReduceMin,
    /// <summary>And over axes; all bits set when there are none.</summary>
    ReduceAnd,
    /// <summary>Or over axes; 0 when there are none.</summary>
    ReduceOr,
    /// <summary>Index of the greatest along an axis, the first of equals; the first NaN if any.</summary>
    ArgMax,
    /// <summary>Index of the least along an axis, the first of equals; the first NaN if any.</summary>
    ArgMin,
    /// <summary>Running sum along an axis.</summary>
    CumSum,
    /// <summary>Running product along an axis.</summary>
    CumProd,
    /// <summary>Running maximum along an axis; NaN from the first NaN on.</summary>
    CumMax,
    /// <summary>Running minimum along an axis; NaN from the first NaN on.</summary>
    CumMin,
    /// <summary>Whole slices along an axis chosen by indices; indices are clamped into range.</summary>
    Gather,
    /// <summary>Single elements along an axis chosen by indices of the result's shape; indices are clamped into range.</summary>
    GatherElements,
    /// <summary>Writes or adds slices along an axis at indices, in their order; indices out of range are skipped.</summary>
    Scatter,
    /// <summary>Writes or adds single elements along an axis at indices, in their order; indices out of range are skipped.</summary>
    ScatterElements,
    /// <summary>Product over batch and contracted dimensions.</summary>
    DotGeneral,
    /// <summary>Convolution of x[N, C, spatial...] with w[O, C / groups, spatial...].</summary>
    Convolution,
    /// <summary>Sum, maximum or minimum over a sliding window.</summary>
    ReduceWindow,
    /// <summary>Adds each element of the source at the place of its window's maximum: the gradient of max pooling.</summary>
    SelectAndScatter,
    /// <summary>Sorts along an axis, stably; NaN is greatest; gives values and their indices.</summary>
    Sort,
    /// <summary>Philox 4x32-10 bits.</summary>
    RandomBits,
    /// <summary>The first operand as it is, once all of them are computed: nothing is fused or simplified across it.</summary>
    Barrier,
    /// <summary>A call the backend knows by name.</summary>
    CustomCall,
}

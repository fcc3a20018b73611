using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The forms of all primitives: see <see cref="PrimitiveKind"/> for what each one computes.</summary>
public static class Primitives
{
    private static readonly List<Primitive> List = [];

    /// <summary>dtype, sizes, elements (one for all, or one each; 64 bits an element as in the scalar block).</summary>
    public static Primitive Constant { get; } = Register(new ConstantPrimitive());

    /// <summary>dtype, sizes, axis.</summary>
    public static Primitive Iota { get; } = Register(new IotaPrimitive());

    /// <summary><see cref="PrimitiveKind.Neg"/>.</summary>
    public static Primitive Neg { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Neg, "neg", 1, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Abs"/>.</summary>
    public static Primitive Abs { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Abs, "abs", 1, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Sign"/>.</summary>
    public static Primitive Sign { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Sign, "sign", 1, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Not"/>.</summary>
    public static Primitive Not { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Not, "not", 1, Rules.Bits));

    /// <summary><see cref="PrimitiveKind.Floor"/>.</summary>
    public static Primitive Floor { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Floor, "floor", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Ceil"/>.</summary>
    public static Primitive Ceil { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Ceil, "ceil", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Round"/>.</summary>
    public static Primitive Round { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Round, "round", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Trunc"/>.</summary>
    public static Primitive Trunc { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Trunc, "trunc", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Exp"/>.</summary>
    public static Primitive Exp { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Exp, "exp", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Expm1"/>.</summary>
    public static Primitive Expm1 { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Expm1, "expm1", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Log"/>.</summary>
    public static Primitive Log { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Log, "log", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Log1p"/>.</summary>
    public static Primitive Log1p { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Log1p, "log1p", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Sqrt"/>.</summary>
    public static Primitive Sqrt { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Sqrt, "sqrt", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Rsqrt"/>.</summary>
    public static Primitive Rsqrt { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Rsqrt, "rsqrt", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Sin"/>.</summary>
    public static Primitive Sin { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Sin, "sin", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Cos"/>.</summary>
    public static Primitive Cos { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Cos, "cos", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Tanh"/>.</summary>
    public static Primitive Tanh { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Tanh, "tanh", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Erf"/>.</summary>
    public static Primitive Erf { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Erf, "erf", 1, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.Add"/>.</summary>
    public static Primitive Add { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Add, "add", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Sub"/>.</summary>
    public static Primitive Sub { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Sub, "sub", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Mul"/>.</summary>
    public static Primitive Mul { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Mul, "mul", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Div"/>.</summary>
    public static Primitive Div { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Div, "div", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Rem"/>.</summary>
    public static Primitive Rem { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Rem, "rem", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Pow"/>.</summary>
    public static Primitive Pow { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Pow, "pow", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Max"/>.</summary>
    public static Primitive Max { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Max, "max", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Min"/>.</summary>
    public static Primitive Min { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Min, "min", 2, Rules.Numbers));

    /// <summary><see cref="PrimitiveKind.Atan2"/>.</summary>
    public static Primitive Atan2 { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Atan2, "atan2", 2, Rules.Floats));

    /// <summary><see cref="PrimitiveKind.And"/>.</summary>
    public static Primitive And { get; } = Register(new ElementwisePrimitive(PrimitiveKind.And, "and", 2, Rules.Bits));

    /// <summary><see cref="PrimitiveKind.Or"/>.</summary>
    public static Primitive Or { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Or, "or", 2, Rules.Bits));

    /// <summary><see cref="PrimitiveKind.Xor"/>.</summary>
    public static Primitive Xor { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Xor, "xor", 2, Rules.Bits));

    /// <summary><see cref="PrimitiveKind.ShiftLeft"/>.</summary>
    public static Primitive ShiftLeft { get; } = Register(new ElementwisePrimitive(PrimitiveKind.ShiftLeft, "shift_left", 2, Rules.Integers));

    /// <summary><see cref="PrimitiveKind.ShiftRight"/>.</summary>
    public static Primitive ShiftRight { get; } = Register(new ElementwisePrimitive(PrimitiveKind.ShiftRight, "shift_right", 2, Rules.Integers));

    /// <summary><see cref="PrimitiveKind.Eq"/>.</summary>
    public static Primitive Eq { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Eq, "eq", 2, Rules.All, isComparison: true));

    /// <summary><see cref="PrimitiveKind.Ne"/>.</summary>
    public static Primitive Ne { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Ne, "ne", 2, Rules.All, isComparison: true));

    /// <summary><see cref="PrimitiveKind.Lt"/>.</summary>
    public static Primitive Lt { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Lt, "lt", 2, Rules.Numbers, isComparison: true));

    /// <summary><see cref="PrimitiveKind.Le"/>.</summary>
    public static Primitive Le { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Le, "le", 2, Rules.Numbers, isComparison: true));

    /// <summary><see cref="PrimitiveKind.Gt"/>.</summary>
    public static Primitive Gt { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Gt, "gt", 2, Rules.Numbers, isComparison: true));

    /// <summary><see cref="PrimitiveKind.Ge"/>.</summary>
    public static Primitive Ge { get; } = Register(new ElementwisePrimitive(PrimitiveKind.Ge, "ge", 2, Rules.Numbers, isComparison: true));

    /// <summary>Operands: condition (bool), then, else.</summary>
    public static Primitive Select { get; } = Register(new SelectPrimitive());

    /// <summary>dtype.</summary>
    public static Primitive Cast { get; } = Register(new CastPrimitive(PrimitiveKind.Cast, "cast"));

    /// <summary>dtype.</summary>
    public static Primitive Bitcast { get; } = Register(new CastPrimitive(PrimitiveKind.Bitcast, "bitcast"));

    /// <summary>sizes, and for each operand dimension the result dimension it becomes.</summary>
    public static Primitive Broadcast { get; } = Register(new BroadcastPrimitive());

    /// <summary>sizes.</summary>
    public static Primitive Reshape { get; } = Register(new ReshapePrimitive());

    /// <summary>permutation: result dimension i is operand dimension permutation[i].</summary>
    public static Primitive Permute { get; } = Register(new PermutePrimitive());

    /// <summary>starts, limits, strides.</summary>
    public static Primitive Slice { get; } = Register(new SlicePrimitive());

    /// <summary>Operands: x, padding value (scalar); low, high, interior.</summary>
    public static Primitive Pad { get; } = Register(new PadPrimitive());

    /// <summary>axes.</summary>
    public static Primitive Reverse { get; } = Register(new ReversePrimitive());

    /// <summary>axis.</summary>
    public static Primitive Concat { get; } = Register(new ConcatPrimitive());

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceSum { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceSum, "reduce_sum", Rules.Numbers));

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceProd { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceProd, "reduce_prod", Rules.Numbers));

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceMax { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceMax, "reduce_max", Rules.Numbers));

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceMin { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceMin, "reduce_min", Rules.Numbers));

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceAnd { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceAnd, "reduce_and", Rules.Bits));

    /// <summary>axes, which disappear.</summary>
    public static Primitive ReduceOr { get; } = Register(new ReducePrimitive(PrimitiveKind.ReduceOr, "reduce_or", Rules.Bits));

    /// <summary>axis, which disappears; gives i64.</summary>
    public static Primitive ArgMax { get; } = Register(new ArgReducePrimitive(PrimitiveKind.ArgMax, "arg_max"));

    /// <summary>axis, which disappears; gives i64.</summary>
    public static Primitive ArgMin { get; } = Register(new ArgReducePrimitive(PrimitiveKind.ArgMin, "arg_min"));

    /// <summary>axis, reverse.</summary>
    public static Primitive CumSum { get; } = Register(new CumulativePrimitive(PrimitiveKind.CumSum, "cum_sum"));

    /// <summary>axis, reverse.</summary>
    public static Primitive CumProd { get; } = Register(new CumulativePrimitive(PrimitiveKind.CumProd, "cum_prod"));

    /// <summary>axis, reverse.</summary>
    public static Primitive CumMax { get; } = Register(new CumulativePrimitive(PrimitiveKind.CumMax, "cum_max"));

    /// <summary>axis, reverse.</summary>
    public static Primitive CumMin { get; } = Register(new CumulativePrimitive(PrimitiveKind.CumMin, "cum_min"));

    /// <summary>Operands: x, indices; axis.</summary>
    public static Primitive Gather { get; } = Register(new GatherPrimitive());

    /// <summary>Operands: x, indices; axis.</summary>
    public static Primitive GatherElements { get; } = Register(new GatherElementsPrimitive());

    /// <summary>Operands: x, indices, updates; axis, mode (0 write, 1 add).</summary>
    public static Primitive Scatter { get; } = Register(new ScatterPrimitive());

    /// <summary>Operands: x, indices, updates; axis, mode (0 write, 1 add).</summary>
    public static Primitive ScatterElements { get; } = Register(new ScatterElementsPrimitive());

    /// <summary>a_batch, b_batch, a_contract, b_contract.</summary>
    public static Primitive DotGeneral { get; } = Register(new DotGeneralPrimitive());

    /// <summary>strides, low, high, x_dilation, w_dilation, groups.</summary>
    public static Primitive Convolution { get; } = Register(new ConvolutionPrimitive());

    /// <summary>kind (0 sum, 1 max, 2 min), window, strides, low, high.</summary>
    public static Primitive ReduceWindow { get; } = Register(new ReduceWindowPrimitive());

    /// <summary>Operands: x, source; window, strides, low, high.</summary>
    public static Primitive SelectAndScatter { get; } = Register(new SelectAndScatterPrimitive());

    /// <summary>axis, descending; gives values and i64 indices.</summary>
    public static Primitive Sort { get; } = Register(new SortPrimitive());

    /// <summary>Operands: seed, ordinal (u64 scalars); sizes; gives u32. Element i is word i % 4 of Philox 4x32-10 with key = seed and counter = (i / 4, ordinal).</summary>
    public static Primitive RandomBits { get; } = Register(new RandomBitsPrimitive());

    /// <summary>Operands: x, and what is to be computed before the result is used.</summary>
    public static Primitive Barrier { get; } = Register(new BarrierPrimitive());

    /// <summary>target, dtype, sizes, payload.</summary>
    public static Primitive CustomCall { get; } = Register(new CustomCallPrimitive());

    /// <summary>Every primitive, in the order of their kinds.</summary>
    public static IReadOnlyList<Primitive> All => List;

    private static Primitive Register(Primitive primitive)
    {
        List.Add(primitive);
        return primitive;
    }
}

using LazyHost.Lowering.Mathematics;
using LazyHost.IR;

namespace LazyHost.Lowering.Lanes;

/// <summary>The element-wise primitives as lane operations.</summary>
internal static class LanePrimitives
{
    public static Lane Select(Lane mask, Lane then, Lane otherwise)
    {
        if (!then.Type.IsMask()) return mask.Choose(then, otherwise);
        return (then & mask) | (otherwise & mask.Graph.Resize(~mask, then.Type));
    }

    public static Lane Unary(PrimitiveKind kind, Lane x, DType type) => x.Type.IsFloat() ? FloatUnary(kind, x) : LaneCasts.Wrap(IntegerUnary(kind, x, type), type);

    public static Lane Binary(PrimitiveKind kind, Lane a, Lane b, DType type)
    {
        switch (kind)
        {
            case PrimitiveKind.Eq: return a.Type.IsMask() ? ~(a ^ b) : a.Is(b);
            case PrimitiveKind.Ne: return a.Type.IsMask() ? a ^ b : ~a.Is(b);
            case PrimitiveKind.Lt: return a < b;
            case PrimitiveKind.Le: return a <= b;
            case PrimitiveKind.Gt: return a > b;
            case PrimitiveKind.Ge: return a >= b;
            case PrimitiveKind.And: return a & b;
            case PrimitiveKind.Or: return a | b;
            case PrimitiveKind.Xor: return a ^ b;
            case PrimitiveKind.Max: return Max(a, b);
            case PrimitiveKind.Min: return Min(a, b);
            case PrimitiveKind.Add: return LaneCasts.Wrap(a + b, type);
            case PrimitiveKind.Sub: return LaneCasts.Wrap(a - b, type);
            case PrimitiveKind.Mul: return LaneCasts.Wrap(a * b, type);
            case PrimitiveKind.Rem when type.IsFloat(): return a.Graph.Call(LaneFunction.Remainder, a.Type, a, b);
            case PrimitiveKind.Div when type.IsFloat(): return a / b;
            case PrimitiveKind.Pow when type.IsFloat(): return PowFunction.Build(a, b);
            case PrimitiveKind.Atan2: return Atan2Function.Build(a, b);
            case PrimitiveKind.ShiftLeft or PrimitiveKind.ShiftRight: return LaneCasts.Wrap(Shift(kind, a, b, type), type);
        }
        var function = kind switch
        {
            PrimitiveKind.Div => LaneFunction.Divide,
            PrimitiveKind.Rem => LaneFunction.Remainder,
            PrimitiveKind.Pow => LaneFunction.Power,
            _ => throw new UnsupportedOperatorException($"{kind} is no element-wise primitive of two operands"),
        };
        return LaneCasts.Wrap(a.Graph.Call(function, a.Type, a, b), type);
    }

    /// <summary>Against a literal the sign of zero is known beforehand, which leaves one instruction: it gives its second operand for NaN.</summary>
    private static Lane Max(Lane a, Lane b)
    {
        if (IsNumber(a) is not { } literal) return IsNumber(b) is null ? a.Binary(LaneOp.Max, b) : Max(b, a);
        if (literal == 0 && !double.IsNegative(literal)) return a.Graph.Function(LaneFunction.Rectify, a.Type, b);
        return a.Binary(LaneOp.PickGreater, b);
    }

    private static Lane Min(Lane a, Lane b)
    {
        if (IsNumber(a) is not { } literal) return IsNumber(b) is null ? a.Binary(LaneOp.Min, b) : Min(b, a);
        return literal == 0 && double.IsNegative(literal) ? a.Binary(LaneOp.Min, b) : a.Binary(LaneOp.PickLess, b);
    }

    private static double? IsNumber(Lane lane)
    {
        if (lane.Graph.Nodes[lane.Id] is not { Op: LaneOp.Constant } node || !node.Type.IsFloat()) return null;
        var value = node.Type == LaneType.F64 ? BitConverter.Int64BitsToDouble(node.Bits) : BitConverter.Int32BitsToSingle((int)node.Bits);
        return double.IsNaN(value) ? null : value;
    }

    private static Lane Shift(PrimitiveKind kind, Lane a, Lane b, DType type)
    {
        var width = type.Size() * 8;
        if (a.Graph.Nodes[b.Id] is { Op: LaneOp.Constant } constant)
        {
            var isOut = constant.Bits < 0 || constant.Bits >= width;
            if (kind == PrimitiveKind.ShiftLeft) return isOut ? a.Like(0) : a << (int)constant.Bits;
            return !isOut ? a >> (int)constant.Bits : type.IsSigned() ? a >> (width - 1) : a.Like(0);
        }
        var function = kind == PrimitiveKind.ShiftLeft ? LaneFunction.ShiftLeft : LaneFunction.ShiftRight;
        return a.Graph.Call(function, a.Type, a, b, a.Like(width));
    }

    private static Lane FloatUnary(PrimitiveKind kind, Lane x) => kind switch
    {
        PrimitiveKind.Neg => x.Negate,
        PrimitiveKind.Abs => x.Abs,
        PrimitiveKind.Sign => (x > 0).Choose(x.Like(1), (x < 0).Choose(x.Like(-1), x)),
        PrimitiveKind.Floor => x.Unary(LaneOp.Floor),
        PrimitiveKind.Ceil => x.Unary(LaneOp.Ceiling),
        PrimitiveKind.Round => x.Unary(LaneOp.Round),
        PrimitiveKind.Trunc => x.Unary(LaneOp.Truncate),
        PrimitiveKind.Sqrt => x.Unary(LaneOp.Sqrt),
        PrimitiveKind.Rsqrt => x.Like(1) / x.Unary(LaneOp.Sqrt),
        PrimitiveKind.Exp => ExpFunction.Build(x),
        PrimitiveKind.Expm1 => Expm1Function.Build(x),
        PrimitiveKind.Log => LogFunction.Build(x),
        PrimitiveKind.Log1p => Log1pFunction.Build(x),
        PrimitiveKind.Sin => SineFunctions.Sin(x),
        PrimitiveKind.Cos => SineFunctions.Cos(x),
        PrimitiveKind.Tanh => TanhFunction.Build(x),
        PrimitiveKind.Erf => ErfFunction.Build(x),
        _ => throw new UnsupportedOperatorException($"{kind} is no element-wise primitive of one floating-point operand"),
    };

    private static Lane IntegerUnary(PrimitiveKind kind, Lane x, DType type) => kind switch
    {
        PrimitiveKind.Not => ~x,
        PrimitiveKind.Neg => x.Negate,
        PrimitiveKind.Abs => type.IsSigned() ? (x < 0).Choose(x.Negate, x) : x,
        PrimitiveKind.Sign => (x > 0).Choose(x.Like(1), type.IsSigned() ? (x < 0).Choose(x.Like(-1), x) : x),
        _ => throw new UnsupportedOperatorException($"{kind} is no element-wise primitive of one integer operand"),
    };
}

using LazyHost.IR;

namespace LazyHost.Lowering.Tests.Interpreters;

/// <summary>Single elements, as the scalar block holds them: written for obviousness, and apart from the lowering's own arithmetic.</summary>
internal static class Elements
{
    public static double Float(long bits) => BitConverter.Int64BitsToDouble(bits);

    public static long Of(double value, DType type) => type switch
    {
        DType.Float16 => BitConverter.DoubleToInt64Bits((double)(Half)value),
        DType.BFloat16 => BitConverter.DoubleToInt64Bits((float)(BFloat16)value),
        DType.Float32 => BitConverter.DoubleToInt64Bits((float)value),
        DType.Float64 => BitConverter.DoubleToInt64Bits(value),
        DType.Bool => value != 0 ? 1 : 0,
        _ => OfInteger((Int128)Math.Truncate(value), type),
    };

    public static long OfInteger(Int128 value, DType type) => type switch
    {
        DType.Bool => value == 0 ? 0 : 1,
        DType.UInt8 => unchecked((byte)value),
        DType.Int8 => unchecked((sbyte)value),
        DType.UInt16 => unchecked((ushort)value),
        DType.Int16 => unchecked((short)value),
        DType.UInt32 => unchecked((uint)value),
        DType.Int32 => unchecked((int)value),
        _ => unchecked((long)value),
    };

    public static Int128 Integer(long bits, DType type) => type == DType.UInt64 ? (ulong)bits : bits;

    public static long Apply(PrimitiveKind kind, DType operandType, DType type, long[] x)
    {
        if (kind == PrimitiveKind.Select) return x[0] != 0 ? x[1] : x[2];
        if (kind == PrimitiveKind.Cast) return Cast(x[0], operandType, type);
        if (operandType.IsFloat())
        {
            var (a, b) = (Float(x[0]), x.Length > 1 ? Float(x[1]) : 0);
            return kind switch
            {
                PrimitiveKind.Eq => a == b ? 1 : 0,
                PrimitiveKind.Ne => a != b ? 1 : 0,
                PrimitiveKind.Lt => a < b ? 1 : 0,
                PrimitiveKind.Le => a <= b ? 1 : 0,
                PrimitiveKind.Gt => a > b ? 1 : 0,
                PrimitiveKind.Ge => a >= b ? 1 : 0,
                _ => Of(FloatMath(kind, a, b), type),
            };
        }
        var (m, n) = (Integer(x[0], operandType), x.Length > 1 ? Integer(x[1], operandType) : 0);
        return kind switch
        {
            PrimitiveKind.Eq => m == n ? 1 : 0,
            PrimitiveKind.Ne => m != n ? 1 : 0,
            PrimitiveKind.Lt => m < n ? 1 : 0,
            PrimitiveKind.Le => m <= n ? 1 : 0,
            PrimitiveKind.Gt => m > n ? 1 : 0,
            PrimitiveKind.Ge => m >= n ? 1 : 0,
            PrimitiveKind.Not when operandType == DType.Bool => m == 0 ? 1 : 0,
            _ => OfInteger(IntegerMath(kind, m, n), type),
        };
    }

    private static double FloatMath(PrimitiveKind kind, double a, double b) => kind switch
    {
        PrimitiveKind.Neg => -a,
        PrimitiveKind.Abs => Math.Abs(a),
        PrimitiveKind.Sign => double.IsNaN(a) || a == 0 ? a : Math.Sign(a),
        PrimitiveKind.Floor => Math.Floor(a),
        PrimitiveKind.Exp => Math.Exp(a),
        PrimitiveKind.Log => Math.Log(a),
        PrimitiveKind.Tanh => Math.Tanh(a),
        PrimitiveKind.Sqrt => Math.Sqrt(a),
        PrimitiveKind.Rsqrt => 1 / Math.Sqrt(a),
        PrimitiveKind.Add => a + b,
        PrimitiveKind.Sub => a - b,
        PrimitiveKind.Mul => a * b,
        PrimitiveKind.Div => a / b,
        PrimitiveKind.Rem => a % b,
        PrimitiveKind.Max => Math.Max(a, b),
        PrimitiveKind.Min => Math.Min(a, b),
        _ => throw new ArgumentException($"the tests know no {kind} of floating-point numbers"),
    };

    private static Int128 IntegerMath(PrimitiveKind kind, Int128 a, Int128 b) => kind switch
    {
        PrimitiveKind.Neg => -a,
        PrimitiveKind.Abs => Int128.Abs(a),
        PrimitiveKind.Sign => Int128.Sign(a),
        PrimitiveKind.Not => ~a,
        PrimitiveKind.Add => a + b,
        PrimitiveKind.Sub => a - b,
        PrimitiveKind.Mul => a * b,
        PrimitiveKind.Max => Int128.Max(a, b),
        PrimitiveKind.Min => Int128.Min(a, b),
        PrimitiveKind.And => a & b,
        PrimitiveKind.Or => a | b,
        PrimitiveKind.Xor => a ^ b,
        _ => throw new ArgumentException($"the tests know no {kind} of integers"),
    };

    private static long Cast(long bits, DType from, DType to)
    {
        if (!from.IsFloat()) return to.IsFloat() ? Of((double)Integer(bits, from), to) : OfInteger(Integer(bits, from), to);
        var value = Float(bits);
        if (to.IsFloat() || to == DType.Bool) return Of(value, to);
        if (double.IsNaN(value)) return 0;
        var (least, greatest) = Bounds(to);
        return OfInteger(value <= (double)least ? least : value >= (double)greatest ? greatest : (Int128)Math.Truncate(value), to);
    }

    public static (Int128 Least, Int128 Greatest) Bounds(DType type)
    {
        var bits = 8 * type.Size();
        return type.IsSigned() ? (-(Int128.One << (bits - 1)), (Int128.One << (bits - 1)) - 1) : (0, (Int128.One << bits) - 1);
    }

    /// <summary>Reduces in the widest arithmetic there is and rounds once.</summary>
    public static long Reduce(PrimitiveKind kind, DType type, IReadOnlyCollection<long> elements)
    {
        if (type.IsFloat())
        {
            var numbers = elements.Select(Float);
            return Of(kind switch
            {
                PrimitiveKind.ReduceSum => numbers.Sum(),
                PrimitiveKind.ReduceProd => numbers.Aggregate(1.0, (a, b) => a * b),
                PrimitiveKind.ReduceMax => numbers.Aggregate(double.NegativeInfinity, Math.Max),
                _ => numbers.Aggregate(double.PositiveInfinity, Math.Min),
            }, type);
        }
        var (least, greatest) = type == DType.Bool ? (0, 1) : Bounds(type);
        var integers = elements.Select(bits => Integer(bits, type));
        return kind switch
        {
            PrimitiveKind.ReduceAnd => integers.Aggregate(type == DType.Bool ? 1 : OfInteger(-1, type), (a, b) => OfInteger((Int128)a & b, type)),
            PrimitiveKind.ReduceOr => integers.Aggregate(0L, (a, b) => OfInteger((Int128)a | b, type)),
            PrimitiveKind.ReduceSum => integers.Aggregate(0L, (a, b) => OfInteger(Integer(a, type) + b, type)),
            PrimitiveKind.ReduceProd => integers.Aggregate(OfInteger(1, type), (a, b) => OfInteger(Integer(a, type) * b, type)),
            PrimitiveKind.ReduceMax => OfInteger(integers.Aggregate(least, Int128.Max), type),
            _ => OfInteger(integers.Aggregate(greatest, Int128.Min), type),
        };
    }
}

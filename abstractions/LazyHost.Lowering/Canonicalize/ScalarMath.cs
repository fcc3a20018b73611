using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>Element-wise primitives on one element, in the form of the scalar block, with the results <see cref="PrimitiveKind"/> states.</summary>
internal static class ScalarMath
{
    /// <summary>The result, or null where it would be an approximation.</summary>
    public static long? Evaluate(PrimitiveKind kind, DType type, ReadOnlySpan<long> operands)
    {
        var (a, b) = (operands[0], operands.Length > 1 ? operands[1] : 0);
        if (!type.IsFloat()) return Integral(kind, type, a, b);
        var (x, y) = (BitConverter.Int64BitsToDouble(a), BitConverter.Int64BitsToDouble(b));
        return type == DType.Float64 ? Floating(kind, x, y, type) : Single(kind, (float)x, (float)y, type);
    }

    private static long? Floating(PrimitiveKind kind, double a, double b, DType type)
    {
        double? value = kind switch
        {
            PrimitiveKind.Add => a + b,
            PrimitiveKind.Sub => a - b,
            PrimitiveKind.Mul => a * b,
            PrimitiveKind.Div => a / b,
            PrimitiveKind.Sqrt => Math.Sqrt(a),
            _ => Exact(kind, a, b),
        };
        return value is { } result ? ScalarCast.FromDouble(result, type) : Comparison(kind, a, b);
    }

    // f16 and bf16 come here too: they compute in f32 and round at the end
    private static long? Single(PrimitiveKind kind, float a, float b, DType type)
    {
        float? value = kind switch
        {
            PrimitiveKind.Add => a + b,
            PrimitiveKind.Sub => a - b,
            PrimitiveKind.Mul => a * b,
            PrimitiveKind.Div => a / b,
            PrimitiveKind.Sqrt => MathF.Sqrt(a),
            _ => (float?)Exact(kind, a, b),
        };
        return value is { } result ? ScalarCast.FromDouble(result, type) : Comparison(kind, a, b);
    }

    // results that need no rounding, so that computing them in f64 is right for every type
    private static double? Exact(PrimitiveKind kind, double a, double b) => kind switch
    {
        PrimitiveKind.Neg => -a,
        PrimitiveKind.Abs => Math.Abs(a),
        PrimitiveKind.Sign => double.IsNaN(a) || a == 0 ? a : Math.Sign(a),
        PrimitiveKind.Floor => Math.Floor(a),
        PrimitiveKind.Ceil => Math.Ceiling(a),
        PrimitiveKind.Round => Math.Round(a, MidpointRounding.ToEven),
        PrimitiveKind.Trunc => Math.Truncate(a),
        PrimitiveKind.Rem => a % b,
        PrimitiveKind.Max => Math.Max(a, b),
        PrimitiveKind.Min => Math.Min(a, b),
        _ => null,
    };

    private static long? Comparison(PrimitiveKind kind, double a, double b) => kind switch
    {
        PrimitiveKind.Eq => a == b ? 1 : 0,
        PrimitiveKind.Ne => a != b ? 1 : 0,
        PrimitiveKind.Lt => a < b ? 1 : 0,
        PrimitiveKind.Le => a <= b ? 1 : 0,
        PrimitiveKind.Gt => a > b ? 1 : 0,
        PrimitiveKind.Ge => a >= b ? 1 : 0,
        _ => null,
    };

    private static long? Integral(PrimitiveKind kind, DType type, long a, long b)
    {
        if (type == DType.Bool && kind == PrimitiveKind.Not) return a == 0 ? 1 : 0;
        var order = type == DType.UInt64 ? ((ulong)a).CompareTo((ulong)b) : a.CompareTo(b);
        long? value = kind switch
        {
            PrimitiveKind.Neg => -a,
            PrimitiveKind.Abs => type.IsSigned() && a < 0 ? -a : a,
            PrimitiveKind.Sign => type.IsSigned() ? Math.Sign(a) : a == 0 ? 0 : 1,
            PrimitiveKind.Not => ~a,
            PrimitiveKind.Add => a + b,
            PrimitiveKind.Sub => a - b,
            PrimitiveKind.Mul => a * b,
            PrimitiveKind.Max => order >= 0 ? a : b,
            PrimitiveKind.Min => order <= 0 ? a : b,
            PrimitiveKind.And => a & b,
            PrimitiveKind.Or => a | b,
            PrimitiveKind.Xor => a ^ b,
            _ => null,
        };
        if (value is { } result) return ScalarCast.Wrap(result, type);
        return kind switch
        {
            PrimitiveKind.Eq => order == 0 ? 1 : 0,
            PrimitiveKind.Ne => order != 0 ? 1 : 0,
            PrimitiveKind.Lt => order < 0 ? 1 : 0,
            PrimitiveKind.Le => order <= 0 ? 1 : 0,
            PrimitiveKind.Gt => order > 0 ? 1 : 0,
            PrimitiveKind.Ge => order >= 0 ? 1 : 0,
            _ => null,
        };
    }
}

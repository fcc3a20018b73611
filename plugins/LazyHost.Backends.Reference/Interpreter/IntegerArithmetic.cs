using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Primitives over integers and bool, held in 128 bits and wrapped to the element type's width when stored.</summary>
internal sealed class IntegerArithmetic(DType type) : Arithmetic<Int128>
{
    private readonly int width = type == DType.Bool ? 1 : type.Size() * 8;

    public override Int128 Least => type.IsSigned() ? -(Int128.One << (width - 1)) : 0;

    public override Int128 Greatest => (Int128.One << (type.IsSigned() ? width - 1 : width)) - 1;

    public override Int128[] Load(HostTensor tensor) => tensor.Integers();

    public override HostTensor Store(TensorType type, Int128[] values)
    {
        var result = new HostTensor(type);
        result.Store(values);
        return result;
    }

    public override Int128 Unary(PrimitiveKind kind, Int128 x) => kind switch
    {
        PrimitiveKind.Neg => -x,
        PrimitiveKind.Abs => x < 0 ? -x : x,
        PrimitiveKind.Sign => x > 0 ? 1 : x < 0 ? -1 : 0,
        PrimitiveKind.Not => ~x,
        _ => throw new UnsupportedOperatorException($"{kind} does not take integers"),
    };

    public override Int128 Binary(PrimitiveKind kind, Int128 a, Int128 b) => kind switch
    {
        // Adding truth values, which only scatter does, is the logical or.
        PrimitiveKind.Add => type == DType.Bool ? a | b : a + b,
        PrimitiveKind.Sub => a - b,
        PrimitiveKind.Mul => a * b,
        // All bits set is -1 before it is wrapped; least / -1 is one above the greatest, which wraps to the least.
        PrimitiveKind.Div => b == 0 ? -1 : a / b,
        PrimitiveKind.Rem => b == 0 ? a : a % b,
        PrimitiveKind.Pow => Pow(a, b),
        PrimitiveKind.Max => a > b ? a : b,
        PrimitiveKind.Min => a < b ? a : b,
        PrimitiveKind.And => a & b,
        PrimitiveKind.Or => a | b,
        PrimitiveKind.Xor => a ^ b,
        PrimitiveKind.ShiftLeft => b < 0 || b >= width ? 0 : a << (int)b,
        PrimitiveKind.ShiftRight => b < 0 || b >= width ? (a < 0 ? -1 : 0) : a >> (int)b,
        _ => throw new UnsupportedOperatorException($"{kind} does not take integers"),
    };

    private static Int128 Pow(Int128 a, Int128 b)
    {
        if (b < 0) return a == 1 ? 1 : a == -1 ? (Int128.IsEvenInteger(b) ? 1 : -1) : 0;
        Int128 result = 1;
        for (; b > 0; b >>= 1, a *= a)
            if (Int128.IsOddInteger(b)) result *= a;
        return result;
    }
}

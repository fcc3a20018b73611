using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Choosing between elements, and changing their type.</summary>
internal static class ConvertInterpreter
{
    public static HostTensor Run(PrimitiveKind kind, Node node, HostTensor[] operands) => kind switch
    {
        PrimitiveKind.Select => Select(node.Type, operands[0], operands[1], operands[2]),
        PrimitiveKind.Bitcast => new(node.Type, operands[0].Bytes),
        _ => Cast(node.Type, operands[0]),
    };

    /// <summary>Integers in any element type; in f32 and below rounded once from the integer to f32.</summary>
    public static HostTensor FromIntegers(TensorType type, Int128[] values) =>
        type.DType.IsFloat() ? new FloatArithmetic().Store(type, Array.ConvertAll(values, v => type.DType == DType.Float64 ? (double)v : ToSingle(v)))
        : type.DType == DType.Bool ? new IntegerArithmetic(DType.Bool).Store(type, Array.ConvertAll(values, v => v == 0 ? Int128.Zero : Int128.One))
        : new IntegerArithmetic(type.DType).Store(type, values);

    private static HostTensor Select(TensorType type, HostTensor condition, HostTensor then, HostTensor otherwise)
    {
        var result = new HostTensor(type);
        for (var i = 0; i < result.Count; i++) result.CopyElement(i, condition.Bytes[i] != 0 ? then : otherwise, i);
        return result;
    }

    private static HostTensor Cast(TensorType type, HostTensor x)
    {
        if (!x.DType.IsFloat()) return FromIntegers(type, x.Integers());
        var values = x.Doubles();
        if (type.DType.IsFloat()) return new FloatArithmetic().Store(type, values);
        var arithmetic = new IntegerArithmetic(type.DType);
        return arithmetic.Store(type, Array.ConvertAll(values, v => type.DType == DType.Bool ? (v != 0 ? 1 : 0) : Saturate(v, arithmetic)));
    }

    private static Int128 Saturate(double value, IntegerArithmetic arithmetic) =>
        double.IsNaN(value) ? 0
        : value >= (double)arithmetic.Greatest ? arithmetic.Greatest
        : value <= (double)arithmetic.Least ? arithmetic.Least
        : (Int128)Math.Truncate(value);

    private static float ToSingle(Int128 value)
    {
        if (value <= long.MaxValue) return (long)value;
        // Above the signed range: halve, keeping a lost bit as a sticky one so that ties are still seen as what they are.
        var bits = (ulong)value;
        return 2 * (float)(long)((bits >> 1) | (bits & 1));
    }
}

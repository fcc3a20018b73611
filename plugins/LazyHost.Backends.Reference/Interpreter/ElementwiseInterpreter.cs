using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Primitives that compute each element of the result from the elements at the same place.</summary>
internal static class ElementwiseInterpreter
{
    public static HostTensor Run(PrimitiveKind kind, Node node, HostTensor[] operands) => operands[0].DType.IsFloat()
        ? Run(new FloatArithmetic(), kind, node.Type, operands)
        : Run(new IntegerArithmetic(operands[0].DType), kind, node.Type, operands);

    private static HostTensor Run<T>(Arithmetic<T> arithmetic, PrimitiveKind kind, TensorType type, HostTensor[] operands) where T : struct, INumber<T>
    {
        var a = arithmetic.Load(operands[0]);
        var b = operands.Length > 1 ? arithmetic.Load(operands[1]) : [];
        if (kind >= PrimitiveKind.Eq) return Compare(kind, type, a, b);
        for (var i = 0; i < a.Length; i++) a[i] = operands.Length == 1 ? arithmetic.Unary(kind, a[i]) : arithmetic.Binary(kind, a[i], b[i]);
        return arithmetic.Store(type, a);
    }

    private static HostTensor Compare<T>(PrimitiveKind kind, TensorType type, T[] a, T[] b) where T : struct, INumber<T>
    {
        var result = new HostTensor(type);
        for (var i = 0; i < a.Length; i++) result.Bytes[i] = Arithmetic<T>.Compare(kind, a[i], b[i]) ? (byte)1 : (byte)0;
        return result;
    }
}

using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Primitives that make elements from nothing: literals, indices, random bits.</summary>
internal static class DataInterpreter
{
    public static HostTensor Run(PrimitiveKind kind, Node node, HostTensor[] operands) => kind switch
    {
        PrimitiveKind.Constant => HostTensor.Filled(node.Type, node.Ints(2)),
        PrimitiveKind.Iota => Iota(node.Type, (int)node.Int(2)),
        _ => RandomBits(node.Type, (ulong)operands[0].Integers()[0], (ulong)operands[1].Integers()[0]),
    };

    private static HostTensor Iota(TensorType type, int axis)
    {
        var indices = new Int128[type.Shape.ElementCount];
        var stride = type.Shape.RowMajorStrides()[axis];
        for (var i = 0; i < indices.Length; i++) indices[i] = i / stride % type.Shape[axis];
        return ConvertInterpreter.FromIntegers(type, indices);
    }

    private static HostTensor RandomBits(TensorType type, ulong seed, ulong ordinal)
    {
        var words = new Int128[type.Shape.ElementCount];
        for (var i = 0; i < words.Length; i++) words[i] = Philox.Word(seed, ordinal, i);
        return new IntegerArithmetic(DType.UInt32).Store(type, words);
    }
}

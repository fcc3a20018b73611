using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Stable sorting along an axis.</summary>
internal static class SortInterpreter
{
    public static HostTensor[] Run(Node node, HostTensor x) =>
        x.DType.IsFloat() ? Run(new FloatArithmetic(), node, x) : Run(new IntegerArithmetic(x.DType), node, x);

    private static HostTensor[] Run<T>(Arithmetic<T> arithmetic, Node node, HostTensor x) where T : struct, INumber<T>
    {
        var values = arithmetic.Load(x);
        var axis = (int)node.Int(0);
        var (size, stride) = ((int)x.Shape[axis], x.Shape.RowMajorStrides()[axis]);
        var sorted = new HostTensor(node.Types[0]);
        var indices = new Int128[values.Length];
        for (long start = 0; start < values.Length; start++)
        {
            if (start / stride % size != 0) continue;
            var line = start;
            var order = Enumerable.Range(0, size);
            var byValue = Comparer<int>.Create((i, k) => Arithmetic<T>.Order(values[line + (i * stride)], values[line + (k * stride)]));
            var ordered = (node.Bool(1) ? order.OrderDescending(byValue) : order.Order(byValue)).ToArray();
            for (var i = 0; i < size; i++)
            {
                sorted.CopyElement(start + (i * stride), x, start + (ordered[i] * stride));
                indices[start + (i * stride)] = ordered[i];
            }
        }
        return [sorted, new IntegerArithmetic(DType.Int64).Store(node.Types[1], indices)];
    }
}

using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Products over batch and contracted dimensions.</summary>
internal static class ProductInterpreter
{
    public static HostTensor Dot(Node node, HostTensor a, HostTensor b) =>
        a.DType.IsFloat() ? Dot(new FloatArithmetic(), node, a, b) : Dot(new IntegerArithmetic(a.DType), node, a, b);

    private static HostTensor Dot<T>(Arithmetic<T> arithmetic, Node node, HostTensor a, HostTensor b) where T : struct, INumber<T>
    {
        var (left, right) = (arithmetic.Load(a), arithmetic.Load(b));
        long[] batchA = node.Ints(0).ToArray(), batchB = node.Ints(1).ToArray(), contractA = node.Ints(2).ToArray(), contractB = node.Ints(3).ToArray();
        var (stridesA, stridesB) = (a.Shape.RowMajorStrides(), b.Shape.RowMajorStrides());

        // For each dimension of the result, then of the contraction: how far a step goes in a and in b.
        var restA = Rest(a.Shape.Rank, batchA, contractA);
        var restB = Rest(b.Shape.Rank, batchB, contractB);
        long[] outA = [.. batchA.Select(i => stridesA[i]), .. restA.Select(i => stridesA[i]), .. restB.Select(_ => 0L)];
        long[] outB = [.. batchB.Select(i => stridesB[i]), .. restA.Select(_ => 0L), .. restB.Select(i => stridesB[i])];
        var inA = contractA.Select(i => stridesA[i]).ToArray();
        var inB = contractB.Select(i => stridesB[i]).ToArray();
        var depths = contractA.Select(i => a.Shape[(int)i]).ToArray();

        var results = new T[node.Type.Shape.ElementCount];
        var depth = Indices.Count(depths);
        var (at, k) = (new long[outA.Length], new long[inA.Length]);
        for (var i = 0; i < results.Length; i++, Indices.Next(at, node.Type.Shape.Sizes))
        {
            var (startA, startB) = (Indices.Offset(at, outA), Indices.Offset(at, outB));
            for (long n = 0; n < depth; n++, Indices.Next(k, depths))
                results[i] += left[startA + Indices.Offset(k, inA)] * right[startB + Indices.Offset(k, inB)];
        }
        return arithmetic.Store(node.Type, results);
    }

    private static long[] Rest(int rank, long[] batch, long[] contract)
    {
        var rest = new List<long>();
        for (var i = 0; i < rank; i++) if (!batch.Contains(i) && !contract.Contains(i)) rest.Add(i);
        return [.. rest];
    }
}

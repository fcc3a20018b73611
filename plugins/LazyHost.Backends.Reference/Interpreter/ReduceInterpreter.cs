using System.Numerics;
using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Folds over axes, in row-major order.</summary>
internal static class ReduceInterpreter
{
    public static HostTensor Reduce(PrimitiveKind kind, Node node, HostTensor x)
    {
        var fold = Fold(kind);
        return x.DType.IsFloat() ? Reduce(new FloatArithmetic(), fold, node, x) : Reduce(new IntegerArithmetic(x.DType), fold, node, x);
    }

    public static HostTensor ArgReduce(PrimitiveKind kind, Node node, HostTensor x) =>
        x.DType.IsFloat() ? ArgReduce(new FloatArithmetic(), kind, node, x) : ArgReduce(new IntegerArithmetic(x.DType), kind, node, x);

    public static HostTensor Cumulate(PrimitiveKind kind, Node node, HostTensor x)
    {
        var fold = Fold(kind);
        return x.DType.IsFloat() ? Cumulate(new FloatArithmetic(), fold, node, x) : Cumulate(new IntegerArithmetic(x.DType), fold, node, x);
    }

    private static PrimitiveKind Fold(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.ReduceSum or PrimitiveKind.CumSum => PrimitiveKind.Add,
        PrimitiveKind.ReduceProd or PrimitiveKind.CumProd => PrimitiveKind.Mul,
        PrimitiveKind.ReduceMax or PrimitiveKind.CumMax => PrimitiveKind.Max,
        PrimitiveKind.ReduceMin or PrimitiveKind.CumMin => PrimitiveKind.Min,
        PrimitiveKind.ReduceAnd => PrimitiveKind.And,
        _ => PrimitiveKind.Or,
    };

    private static HostTensor Reduce<T>(Arithmetic<T> arithmetic, PrimitiveKind fold, Node node, HostTensor x) where T : struct, INumber<T>
    {
        var values = arithmetic.Load(x);
        var results = new T[node.Type.Shape.ElementCount];
        Array.Fill(results, arithmetic.Identity(fold));
        var strides = Indices.ReducedStrides(x.Shape, node.Ints(0));
        var at = new long[x.Shape.Rank];
        for (var i = 0; i < values.Length; i++, Indices.Next(at, x.Shape.Sizes))
        {
            ref var result = ref results[Indices.Offset(at, strides)];
            result = arithmetic.Binary(fold, result, values[i]);
        }
        return arithmetic.Store(node.Type, results);
    }

    private static HostTensor ArgReduce<T>(Arithmetic<T> arithmetic, PrimitiveKind kind, Node node, HostTensor x) where T : struct, INumber<T>
    {
        var values = arithmetic.Load(x);
        var axis = (int)node.Int(0);
        var stride = x.Shape.RowMajorStrides()[axis];
        var strides = Indices.ReducedStrides(x.Shape, [axis]);
        var best = new Int128[node.Type.Shape.ElementCount];
        var at = new long[x.Shape.Rank];
        for (var i = 0; i < values.Length; i++, Indices.Next(at, x.Shape.Sizes))
        {
            ref var index = ref best[Indices.Offset(at, strides)];
            var champion = values[i - ((at[axis] - (long)index) * stride)];
            if (Beats(kind, values[i], champion)) index = at[axis];
        }
        return new IntegerArithmetic(DType.Int64).Store(node.Type, best);
    }

    private static bool Beats<T>(PrimitiveKind kind, T challenger, T champion) where T : struct, INumber<T> =>
        !T.IsNaN(champion) && (T.IsNaN(challenger) || (kind == PrimitiveKind.ArgMax ? challenger > champion : challenger < champion));

    private static HostTensor Cumulate<T>(Arithmetic<T> arithmetic, PrimitiveKind fold, Node node, HostTensor x) where T : struct, INumber<T>
    {
        var values = arithmetic.Load(x);
        var axis = (int)node.Int(0);
        var stride = x.Shape.RowMajorStrides()[axis];
        var size = x.Shape[axis];
        for (var i = 0; i < values.Length; i++)
        {
            // Row-major order visits the elements of each line in theirs; backwards from the end for a reversed run.
            var place = node.Bool(1) ? values.Length - 1 - i : i;
            var step = place / stride % size;
            var previous = node.Bool(1) ? place + stride : place - stride;
            if (step != (node.Bool(1) ? size - 1 : 0)) values[place] = arithmetic.Binary(fold, values[previous], values[place]);
        }
        return arithmetic.Store(node.Type, values);
    }
}

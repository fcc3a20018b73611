using LazyHost.IR;

namespace LazyHost.Lowering.Tests.Interpreters;

/// <summary>Evaluates a graph node by node, element by element.</summary>
internal static class GraphInterpreter
{
    public static long[][] Run(Graph graph, long[][] parameters, long[] scalars)
    {
        var results = new long[graph.Nodes.Length][][];
        foreach (var node in graph.Nodes)
        {
            var operands = new long[node.Operands.Length][];
            var types = new TensorType[operands.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = results[node.Operands[i].Node][node.Operands[i].Output];
                types[i] = graph.TypeOf(node.Operands[i]);
            }
            results[node.Index] = node.Form == InputForms.Parameter ? [parameters[node.Int(0)]]
                : node.Form == InputForms.Scalar ? [[scalars[node.Int(0)]]]
                : Evaluate((Primitive)node.Form, node.Attributes, operands, types, node.Types.ToArray());
        }
        return graph.Roots.ToArray().Select(root => results[root.Node][root.Output]).ToArray();
    }

    public static long[][] Evaluate(Primitive form, Attributes attributes, long[][] x, TensorType[] types, TensorType[] results)
    {
        var to = results[0];
        long[] Ints(int i) => attributes.Ints(form.Attributes, i).ToArray();
        int Int(int i) => (int)attributes.Int(form.Attributes, i);
        switch (form.Kind)
        {
            case PrimitiveKind.Constant:
                var literal = Ints(2);
                return [Make(to.Shape, index => literal.Length == 1 ? literal[0] : literal[Place(to.Shape, index)])];
            case PrimitiveKind.Iota: return [Make(to.Shape, index => Elements.Of(index[Int(2)], to.DType))];
            case PrimitiveKind.Broadcast:
                return [Make(to.Shape, index => At(x[0], types[0].Shape, Ints(1).Select((dim, i) => types[0].Shape[i] == 1 ? 0 : index[dim])))];
            case PrimitiveKind.Reshape or PrimitiveKind.Barrier: return [x[0]];
            case PrimitiveKind.Permute: return [Make(to.Shape, index =>
                At(x[0], types[0].Shape, Enumerable.Range(0, index.Length).Select(dim => index[Array.IndexOf(Ints(0), dim)])))];
            case PrimitiveKind.Slice: return [Make(to.Shape, index => At(x[0], types[0].Shape, index.Select((at, i) => Ints(0)[i] + (at * Ints(2)[i]))))];
            case PrimitiveKind.Reverse: return [Make(to.Shape, index =>
                At(x[0], types[0].Shape, index.Select((at, i) => Ints(0).Contains(i) ? to.Shape[i] - 1 - at : at)))];
            case PrimitiveKind.Pad:
                return [Make(to.Shape, index =>
                {
                    var places = index.Select((at, i) => at - Ints(0)[i]).ToArray();
                    var steps = Ints(2).Select(gap => gap + 1).ToArray();
                    var isInside = places.Select((at, i) => at >= 0 && at % steps[i] == 0 && at / steps[i] < types[0].Shape[i]).All(inside => inside);
                    return isInside ? At(x[0], types[0].Shape, places.Select((at, i) => at / steps[i])) : x[1][0];
                })];
            case PrimitiveKind.Concat:
                return [Make(to.Shape, index =>
                {
                    var (part, at) = (0, index[Int(0)]);
                    while (at >= types[part].Shape[Int(0)]) at -= types[part++].Shape[Int(0)];
                    return At(x[part], types[part].Shape, index.Select((own, i) => i == Int(0) ? at : own));
                })];
            case PrimitiveKind.DotGeneral: return [Dot(x, types, to, Ints(0), Ints(1), Ints(2), Ints(3))];
            case PrimitiveKind.CumSum:
                return [Make(to.Shape, index => Elements.Reduce(PrimitiveKind.ReduceSum, to.DType, [.. Enumerable.Range(0, (int)index[Int(0)] + 1)
                    .Select(k => At(x[0], to.Shape, index.Select((own, i) => i == Int(0) ? k : own)))]))];
            case PrimitiveKind.Sort:
                var order = Make(to.Shape, index => Enumerable.Range(0, (int)to.Shape[Int(0)]).Select(k => (long)k)
                    .OrderBy(k => Elements.Float(At(x[0], to.Shape, index.Select((own, i) => i == Int(0) ? k : own)))).ElementAt((int)index[Int(0)]));
                return [Make(to.Shape, index => At(x[0], to.Shape, index.Select((own, i) => i == Int(0) ? order[Place(to.Shape, index)] : own))), order];
            case >= PrimitiveKind.ReduceSum and <= PrimitiveKind.ReduceOr: return [Reduce(form.Kind, x[0], types[0], to, Ints(0))];
            default: return [Make(to.Shape, index => Elements.Apply(form.Kind, types[0].DType, to.DType,
                [.. x.Select(operand => operand[Place(to.Shape, index)])]))];
        }
    }

    private static long[] Reduce(PrimitiveKind kind, long[] x, TensorType from, TensorType to, long[] axes)
    {
        var rows = Enumerable.Range(0, (int)to.Shape.ElementCount).Select(_ => new List<long>()).ToArray();
        foreach (var index in Indices(from.Shape)) rows[Place(to.Shape, [.. index.Where((_, i) => !axes.Contains(i))])].Add(At(x, from.Shape, index));
        return [.. rows.Select(row => Elements.Reduce(kind, to.DType, row))];
    }

    private static long[] Dot(long[][] x, TensorType[] types, TensorType to, long[] aBatch, long[] bBatch, long[] aContract, long[] bContract)
    {
        var (a, b) = (types[0].Shape, types[1].Shape);
        var contracted = Shape.Create(aContract.Select(dim => a[(int)dim]).ToArray());
        long[] aFree = [.. Enumerable.Range(0, a.Rank).Select(i => (long)i).Where(i => !aBatch.Contains(i) && !aContract.Contains(i))];
        long[] bFree = [.. Enumerable.Range(0, b.Rank).Select(i => (long)i).Where(i => !bBatch.Contains(i) && !bContract.Contains(i))];
        return Make(to.Shape, index => Elements.Reduce(PrimitiveKind.ReduceSum, to.DType, [.. Indices(contracted).Select(k =>
        {
            var (left, right) = (new long[a.Rank], new long[b.Rank]);
            for (var i = 0; i < aBatch.Length; i++) left[aBatch[i]] = right[bBatch[i]] = index[i];
            for (var i = 0; i < aFree.Length; i++) left[aFree[i]] = index[aBatch.Length + i];
            for (var i = 0; i < bFree.Length; i++) right[bFree[i]] = index[aBatch.Length + aFree.Length + i];
            for (var i = 0; i < k.Length; i++) left[aContract[i]] = right[bContract[i]] = k[i];
            return Elements.Apply(PrimitiveKind.Mul, to.DType, to.DType == DType.Float32 ? DType.Float64 : to.DType, [At(x[0], a, left), At(x[1], b, right)]);
        })]));
    }

    private static long[] Make(Shape shape, Func<long[], long> element) => [.. Indices(shape).Select(element)];

    private static long At(long[] x, Shape shape, IEnumerable<long> index) => x[Place(shape, [.. index])];

    private static int Place(Shape shape, long[] index)
    {
        long place = 0;
        for (var i = 0; i < index.Length; i++) place = (place * shape[i]) + index[i];
        return (int)place;
    }

    public static IEnumerable<long[]> Indices(IReadOnlyList<long> sizes)
    {
        if (sizes.Contains(0)) yield break;
        var index = new long[sizes.Count];
        while (true)
        {
            yield return [.. index];
            var dim = index.Length - 1;
            for (; dim >= 0 && ++index[dim] == sizes[dim]; dim--) index[dim] = 0;
            if (dim < 0) yield break;
        }
    }
}

using LazyHost.IR;
using LazyHost.Lowering.Canonicalize;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Libraries;

/// <summary>One try to read a product as the end of an attention: (exp(x - max x) / sum) · V, where x is Q · Kᵗ, scaled, biased and masked or not, in this order.</summary>
internal sealed class AttentionMatch
{
    private readonly Graph graph;
    private readonly ValueTable values;
    private readonly Node product, turned;
    private readonly DotDimensions left, right;
    private readonly AttentionLoops loops = null!;
    private readonly long queries, keys;
    private readonly IndexMap packed = null!;
    private readonly DType type;
    private readonly List<int> inside = [];
    private Node? scores;
    private AttentionNumber scale = AttentionNumber.Of(1);
    private bool isDivided;
    private (Value Value, IndexMap Map)? bias, places;
    private AttentionMask? mask;

    /// <param name="graph">The graph.</param>
    /// <param name="values">Its values.</param>
    /// <param name="product">The last product.</param>
    /// <param name="turned">The same, or a permute of it.</param>
    public AttentionMatch(Graph graph, ValueTable values, Node product, Node turned)
    {
        (this.graph, this.values, this.product, this.turned, type) = (graph, values, product, turned, product.Type.DType);
        left = DotDimensions.Of(product, 0, graph.TypeOf(product.Operands[0]).Shape);
        right = DotDimensions.Of(product, 1, graph.TypeOf(product.Operands[1]).Shape);
        if (!IsMatrices(left) || !IsMatrices(right) || left.ContractedSize == 0) return;
        (queries, keys) = (left.FreeSize, left.ContractedSize);
        loops = new(left.BatchSize, Shapes());
        packed = new(loops.Packed(queries, keys), []);
    }

    /// <summary>The nodes between the operands and the result.</summary>
    public IReadOnlySet<int> Inside => inside.ToHashSet();

    /// <summary>The attention, with values in place of buffers.</summary>
    public AttentionStep? Find()
    {
        if (loops is null || loops.Operand(left, left.Free[0], left.Contracted[0]) is not { } map) return null;
        var weights = Through(product.Operands[0], map, true);
        if (!weights.Map.Equals(packed) || !Weights(weights.Value) || scores is null) return null;
        var (a, b) = (DotDimensions.Of(scores, 0, graph.TypeOf(scores.Operands[0]).Shape), DotDimensions.Of(scores, 1, graph.TypeOf(scores.Operands[1]).Shape));
        if (!IsMatrices(a) || !IsMatrices(b) || a.FreeSize != queries || b.FreeSize != keys || a.BatchSize != loops.Batch || a.ContractedSize == 0) return null;
        if (Matrix(scores.Operands[0], a, a.Free[0], a.Contracted[0]) is not { } q || Matrix(scores.Operands[1], b, b.Free[0], b.Contracted[0]) is not { } k) return null;
        if (Matrix(product.Operands[1], right, right.Contracted[0], right.Free[0]) is not { } v) return null;
        if (Result() is not { } result) return null;
        var (added, chosen) = (Places(bias), Places(places));
        var collapsed = AttentionPlaces.Collapse(loops.Batches, [q, k, v, result, .. (AttentionPlaces[])(added is null ? [] : [added]), .. (AttentionPlaces[])(chosen is null ? [] : [chosen])]);
        if (collapsed is null) return null;
        AttentionOperand Of(AttentionPlaces operand) => operand.Operand(collapsed, loops.Row, loops.Column);
        return new(
            new(type, collapsed.Batch, collapsed.Heads, queries, keys, a.ContractedSize, right.FreeSize), Of(q), Of(k), Of(v), Of(result), scale, isDivided,
            added is null ? null : Of(added), chosen is null ? mask : mask! with { Places = Of(chosen) });
    }

    // x -> exp(x - max) / sum, perhaps made narrower again
    private bool Weights(Value value)
    {
        var computed = type.ComputeType();
        if (computed != type)
        {
            if (Inner(value, PrimitiveKind.Cast) is not { } narrowed || graph.TypeOf(narrowed.Operands[0]).DType != computed) return false;
            value = narrowed.Operands[0];
        }
        if (Inner(value, PrimitiveKind.Div) is not { } weights || weights.Type.DType != computed) return false;
        if (Inner(weights.Operands[0], PrimitiveKind.Exp) is not { } exponentials || Inner(exponentials.Operands[0], PrimitiveKind.Sub) is not { } shifted) return false;
        var x = Through(shifted.Operands[0], packed, true);
        return x.Map.Equals(packed) && Reduces(weights.Operands[1], PrimitiveKind.ReduceSum, new(exponentials.Index)) && Reduces(shifted.Operands[1], PrimitiveKind.ReduceMax, x.Value)
            && Scores(x.Value, Part.Mask);
    }

    // x, or what it was before the mask, the bias or the scale
    private bool Scores(Value value, Part most)
    {
        var (at, map) = Through(value, packed, true);
        if (!map.Equals(packed) || graph.Nodes[at.Node] is not { Form: Primitive primitive } node) return false;
        var before = inside.Count;
        inside.Add(node.Index);
        switch (primitive.Kind)
        {
            case PrimitiveKind.DotGeneral when node.Type.DType == type:
                scores = node;
                return true;
            case PrimitiveKind.Cast when node.Type.DType == type.ComputeType() && graph.TypeOf(node.Operands[0]).DType == type: return Scores(node.Operands[0], most);
            case PrimitiveKind.Mul when most >= Part.Scale:
                for (var i = 0; i < 2; i++)
                    if (Number(node.Operands[i]) is { } number && Scores(node.Operands[1 - i], Part.Product))
                    {
                        scale = number;
                        return true;
                    }
                break;
            case PrimitiveKind.Div when most >= Part.Scale:
                if (Number(node.Operands[1]) is not { } divisor || !Scores(node.Operands[0], Part.Product)) break;
                (scale, isDivided) = (divisor, true);
                return true;
            case PrimitiveKind.Add when most >= Part.Bias:
                for (var i = 0; i < 2; i++)
                    if (Bias(node.Operands[1 - i]) is { } found && Scores(node.Operands[i], Part.Scale))
                    {
                        bias = found;
                        return true;
                    }
                break;
            case PrimitiveKind.Select when most >= Part.Mask:
                for (var i = 1; i < 3; i++)
                    if (Number(node.Operands[3 - i]) is { } fill && Scores(node.Operands[i], Part.Bias))
                    {
                        Choose(node.Operands[0], i == 1, fill);
                        return true;
                    }
                break;
        }
        inside.RemoveRange(before, inside.Count - before);
        return false;
    }

    // a condition that compares indices is a diagonal; any other is read
    private void Choose(Value condition, bool keeps, AttentionNumber fill)
    {
        var (value, map) = Through(condition, packed, false);
        while (graph.Nodes[value.Node] is { Form: Primitive { Kind: PrimitiveKind.Not } } not)
        {
            keeps = !keeps;
            (value, map) = Through(not.Operands[0], map, false);
        }
        if (AttentionDiagonal.Find(graph, loops.Sizes(queries, keys), graph.Nodes[value.Node], map, keeps, loops.Row) is { } diagonal) mask = new(null, true, diagonal, fill);
        else (mask, places) = (new(null, keeps, 0, fill), (value, map));
    }

    // numbers of the operands' own type, as they lie in memory
    private (Value, IndexMap)? Bias(Value value)
    {
        var (at, map) = Through(value, packed, false);
        var node = graph.Nodes[at.Node];
        if (node.Form is Primitive { Kind: PrimitiveKind.Cast } && graph.TypeOf(node.Operands[0]).DType == type) (at, map) = Through(node.Operands[0], map, false);
        return graph.TypeOf(at).DType == type ? (at, map) : null;
    }

    // a scalar, or a constant of one number, for all scores
    private AttentionNumber? Number(Value value)
    {
        var node = graph.Nodes[Through(value, packed, false).Value.Node];
        if (node.Form == InputForms.Scalar) return new((int)node.Int(0), 0);
        return Splat.Is(node, out var bits) ? AttentionNumber.Of(BitConverter.Int64BitsToDouble(bits)) : null;
    }

    // a reduction of each row of scores, spread over the row again
    private bool Reduces(Value value, PrimitiveKind kind, Value of)
    {
        var (at, map) = Through(value, packed, true);
        var node = graph.Nodes[at.Node];
        if (node.Form is not Primitive primitive || primitive.Kind != kind || !map.Equals(new(loops.Rows(queries), []))) return false;
        inside.Add(node.Index);
        var from = graph.TypeOf(node.Operands[0]).Shape;
        if (from.ElementCount != loops.Batch * queries * keys) return false;
        var inner = AttentionLoops.Loop(loops.Column, keys, 1);
        if (RowFusion.OperandMap(node, from, map, inner, loops.Sizes(queries, keys)) is not { } reduced) return false;
        var (reducedValue, whole) = Through(node.Operands[0], reduced, true);
        return reducedValue == of && whole.Equals(packed);
    }

    private Node? Inner(Value value, PrimitiveKind kind)
    {
        var (at, map) = Through(value, packed, true);
        if (!map.Equals(packed) || graph.Nodes[at.Node] is not { Form: Primitive primitive } node || primitive.Kind != kind) return null;
        inside.Add(node.Index);
        return node;
    }

    // the value that others only show, and where it is asked for
    private (Value Value, IndexMap Map) Through(Value value, IndexMap map, bool isInside)
    {
        var sizes = loops.Sizes(queries, keys);
        while (graph.Nodes[value.Node] is { Form: Primitive primitive } node && (primitive.Kind == PrimitiveKind.Reshape || Kinds.IsView(primitive.Kind)))
        {
            if (primitive.Kind != PrimitiveKind.Reshape)
            {
                if (OperandMaps.Of(node, graph.TypeOf(node.Operands[0]).Shape, map, sizes) is not { } next) break;
                map = next;
            }
            if (isInside) inside.Add(node.Index);
            value = node.Operands[0];
        }
        return (value, map);
    }

    // the deepest value in which the matrices of an operand can be read with a stride of 1
    private AttentionPlaces? Matrix(Value operand, DotDimensions dims, long row, long column)
    {
        if (loops.Operand(dims, row, column) is not { } map) return null;
        var (rows, columns) = (dims.Shape[(int)row], dims.Shape[(int)column]);
        var value = values.Of(operand);
        var best = new AttentionPlaces(value, map.Place);
        for (var i = 0; i < FusionLimits.MatrixViews && values.KindOf(value) is { } kind && Kinds.IsView(kind); i++)
        {
            var node = values.Definition(value);
            if (OperandMaps.Of(node, graph.TypeOf(node.Operands[0]).Shape, map, loops.Sizes(rows, columns)) is not { } next) break;
            (value, map) = (values.Of(node.Operands[0]), next);
            if (columns == 1 || rows == 1 || map.Place[loops.Row] == 1 || map.Place[loops.Column] == 1) best = new(value, map.Place);
        }
        return best;
    }

    // each result's place in what is stored
    private AttentionPlaces? Result()
    {
        var place = loops.Packed(queries, right.FreeSize);
        if (turned == product) return new(values.Raw(new(product.Index)), place);
        var (from, to, map) = (graph.TypeOf(turned.Operands[0]).Shape.RowMajorStrides(), turned.Type.Shape.RowMajorStrides(), new IndexMap(place, []));
        place = Affine.Zero;
        for (var i = 0; i < to.Length; i++)
        {
            if (map.Index(map.Place, from[(int)turned.Ints(0)[i]], turned.Type.Shape[i], loops.Sizes(queries, right.FreeSize)) is not { } index) return null;
            place = place.Plus(index.Times(to[i]));
        }
        // else it would be stored one number here, one there
        return right.FreeSize == 1 || place[loops.Column] == 1 ? new(values.Raw(new(turned.Index)), place) : null;
    }

    private AttentionPlaces? Places((Value Value, IndexMap Map)? found) => found is var (value, map) ? new(values.Of(value), map.Place) : null;

    // shapes that may tell batches from heads
    private IEnumerable<(Shape, long)> Shapes()
    {
        yield return (Shape.Create([.. left.Batch.Select(dim => left.Shape[(int)dim]), queries, keys]), queries * keys);
        var at = product.Operands[0];
        for (var i = 0; i < FusionLimits.MatrixViews && graph.Nodes[at.Node] is { Form: Primitive, Operands.Length: > 0 } node && node.Form is not Primitive { Kind: PrimitiveKind.DotGeneral }; i++)
        {
            yield return (node.Type.Shape, queries * keys);
            at = node.Operands[0];
        }
        yield return (values.TypeOf(values.Of(product.Operands[1])).Shape, keys * right.FreeSize);
    }

    private static bool IsMatrices(DotDimensions dims) => dims.Free.Length == 1 && dims.Contracted.Length == 1;

    private enum Part
    {
        Product,
        Scale,
        Bias,
        Mask,
    }
}

using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

/// <summary>Makes a graph out of numbers, so that a failing one can be shrunk. All values are small whole numbers: sums are exact in any order.</summary>
internal sealed class RandomGraph
{
    private static readonly long[][] Shapes = [[], [1], [4], [6], [2, 3], [3, 4], [1, 4], [4, 1], [2, 3, 4], [2, 1, 4], [0], [0, 3], [4, 6]];

    private readonly GraphBuilder builder = new();
    private readonly List<Value> values = [];
    private readonly int[] choices;
    private int next;

    private RandomGraph(int[] choices) => this.choices = choices;

    public static (Graph Graph, long[][] Parameters, long[] Scalars) Make(int[] choices)
    {
        var random = new RandomGraph(choices);
        random.Parameter();
        random.Parameter();
        random.values.Add(random.builder.Scalar(DType.Float32));
        while (random.next < choices.Length && random.values.Count < 60) random.Grow();
        random.builder.AddRoot(random.values[^1]);
        for (var i = random.Choose(4); i > 0; i--) random.builder.AddRoot(random.Pick());
        var graph = random.builder.Build();
        var parameters = graph.Parameters.Select((type, slot) => Enumerable.Range(0, (int)type.Shape.ElementCount)
            .Select(i => Interpreters.Elements.Of((((i * 7) + (slot * 5)) % 11) - 4, type.DType)).ToArray()).ToArray();
        return (graph, parameters, [.. graph.Scalars.Select((type, slot) => Interpreters.Elements.Of(slot + 2, type))]);
    }

    private int Choose(int count) => next < choices.Length ? choices[next++] % count : 0;

    private Value Pick() => values[values.Count - 1 - Choose(values.Count)];

    private void Parameter() => values.Add(builder.Parameter(new(Choose(4) == 3 ? DType.Int32 : DType.Float32, Shape.Create(Shapes[Choose(Shapes.Length)]))));

    private void Grow()
    {
        var x = Pick();
        var (type, shape) = (builder.DTypeOf(x), builder.ShapeOf(x));
        var rank = shape.Rank;
        switch (Choose(22))
        {
            case 0: Parameter(); return;
            case 1 or 2: Add(type == DType.Bool ? Primitives.Not : Choose(2) == 0 ? Primitives.Neg : Primitives.Abs, [x]); return;
            case 3 or 4 or 5 or 6: Binary(x); return;
            case 7: Add(Primitives.Cast, [x], type == DType.Float32 ? DType.Int32 : DType.Float32); return;
            case 8:
                Add(Primitives.Reshape, [x], rank == 0 ? Shape.Create([1L, 1L]) : Choose(2) == 0 ? Shape.Create([shape.ElementCount])
                    : Shape.Create([.. shape.Skip(1), shape[0]]));
                return;
            case 9: Add(Primitives.Permute, [x], Enumerable.Range(0, rank).Select(i => (long)((i + 1) % rank)).ToArray()); return;
            case 10 when rank > 0:
                var stride = 1 + Choose(2);
                Add(Primitives.Slice, [x], shape.Select(size => size > 1 ? 1L : 0).ToArray(), shape.ToArray(), shape.Select(_ => (long)stride).ToArray());
                return;
            case 11 when rank > 0: Add(Primitives.Reverse, [x], new[] { (long)Choose(rank) }); return;
            case 12 when rank > 0:
                var gap = Choose(4) == 3 ? 1L : 0;
                Add(Primitives.Pad, [x, Number(type, 2)], shape.Select((_, i) => (long)Choose(3) - (shape[i] > 1 ? 1 : 0)).ToArray(),
                    shape.Select(_ => (long)Choose(2)).ToArray(), shape.Select(_ => gap).ToArray());
                return;
            case 13 when rank > 0:
                var other = Like(x, shape);
                Add(Primitives.Concat, Choose(2) == 0 ? [x, other] : [other, x, x], Choose(rank));
                return;
            case 20 or 21: Add(Primitives.Barrier, Choose(2) == 0 ? [x] : [x, Pick()]); return;
            case 14 or 15 when rank > 0 && type != DType.Bool: Reduce(x); return;
            case 16 when rank == 2 && type != DType.Bool:
                var transposed = Choose(2) == 0;
                var right = transposed ? x : builder.Emit(Primitives.Permute, [x], Attributes.Of(new[] { 1L, 0L }));
                Bound(builder.Emit(Primitives.DotGeneral, [x, right],
                    Attributes.Of(Array.Empty<long>(), Array.Empty<long>(), new[] { 1L }, new[] { transposed ? 1L : 0L })));
                return;
            case 17 when shape.ElementCount < 100: Add(Primitives.Broadcast, [x], Shape.Create([2L, .. shape]), Enumerable.Range(1, rank)
                .Select(i => (long)i).ToArray()); return;
            case 18 when rank > 0 && type == DType.Float32: Bound(builder.Emit(Primitives.CumSum, [x], Attributes.Of(Choose(rank), false))); return;
            case 19 when rank > 0 && type == DType.Float32:
                var sorted = builder.Emit(Primitives.Sort, [x], Attributes.Of(Choose(rank), false));
                values.Add(sorted);
                if (Choose(2) == 0) values.Add(new(sorted.Node, 1));
                return;
            default: Add(Primitives.Iota, [], DType.Int32, Shape.Create([3L, 4L]), Choose(2)); return;
        }
    }

    private void Binary(Value x)
    {
        var (type, shape) = (builder.DTypeOf(x), builder.ShapeOf(x));
        var y = Like(x, shape);
        if (type == DType.Bool) Add(Choose(2) == 0 ? Primitives.And : Primitives.Or, [x, y]);
        else if (Choose(6) is var choice && choice == 0) Bound(builder.Emit(Primitives.Mul, [x, y]));
        else if (choice == 1) values.Add(builder.Emit(Primitives.Select, [builder.Emit(Primitives.Lt, [x, y]), x, y]));
        else if (choice == 2) Add(Primitives.Max, [x, y]);
        else if (choice == 3) Add(Primitives.Ge, [x, y]);
        else Bound(builder.Emit(choice == 4 ? Primitives.Add : Primitives.Sub, [x, y]));
    }

    // a reduction, often spread over its operand again as softmax and layer norm do
    private void Reduce(Value x)
    {
        var shape = builder.ShapeOf(x);
        long[] axes = Choose(3) == 0 ? [.. Enumerable.Range(0, shape.Rank).Select(i => (long)i)] : [Choose(shape.Rank)];
        var reduced = builder.Emit(Choose(2) == 0 ? Primitives.ReduceSum : Primitives.ReduceMax, [x], Attributes.Of(axes));
        if (builder.DTypeOf(x) == DType.Int32 && shape.ElementCount == 0) { values.Add(reduced); return; }
        Bound(reduced);
        if (Choose(2) == 0) return;
        long[] kept = [.. Enumerable.Range(0, shape.Rank).Select(i => (long)i).Where(i => !axes.Contains(i))];
        Bound(builder.Emit(Primitives.Sub, [x, builder.Emit(Primitives.Broadcast, [values[^1]], Attributes.Of(shape, kept))]));
    }

    // a value of the same type: one there is, or a number spread
    private Value Like(Value x, Shape shape)
    {
        var type = builder.DTypeOf(x);
        var same = values.Where(value => builder.TypeOf(value) == builder.TypeOf(x)).ToList();
        if (Choose(3) > 0) return same[same.Count - 1 - Choose(same.Count)];
        var number = type == DType.Float32 && Choose(2) == 0 ? values[2] : Number(type, Choose(3));
        return builder.Emit(Primitives.Broadcast, [number], Attributes.Of(shape, Array.Empty<long>()));
    }

    private Value Number(DType type, double value) =>
        builder.Emit(Primitives.Constant, [], Attributes.Of(type, Shape.Scalar, new[] { Interpreters.Elements.Of(value, type) }));

    // keeps values small
    private void Bound(Value x)
    {
        var type = builder.DTypeOf(x);
        if (type != DType.Float32) { values.Add(x); return; }
        var seven = builder.Emit(Primitives.Broadcast, [Number(type, 7)], Attributes.Of(builder.ShapeOf(x), Array.Empty<long>()));
        values.Add(builder.Emit(Primitives.Rem, [x, seven]));
    }

    private void Add(OperatorForm form, Value[] operands, params AttributeValue[] attributes) =>
        values.Add(builder.Emit(form, operands, Attributes.Of(attributes)));
}

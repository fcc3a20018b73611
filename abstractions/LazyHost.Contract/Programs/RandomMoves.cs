using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>Random primitives that move elements.</summary>
internal sealed class RandomMoves(GraphBuilder builder, Generator generator)
{
    public Value Step(Value x)
    {
        var shape = builder.ShapeOf(x);
        if (shape.Rank == 0) return Emit(Primitives.Broadcast, x, Attributes.Of(new[] { 3L, 2L }, Array.Empty<long>()));
        var axis = generator.Below(shape.Rank);
        return generator.Below(9) switch
        {
            0 => Emit(Primitives.Permute, x, Attributes.Of(Shuffled(shape.Rank))),
            1 => Emit(Primitives.Reshape, x, Attributes.Of(generator.Chance(50) ? new[] { shape.ElementCount } : new[] { shape[0], 1, shape.ElementCount / shape[0] })),
            2 => Slice(x, shape),
            3 => Emit(Primitives.Reverse, x, Attributes.Of(new[] { (long)axis })),
            4 => Pad(x, shape, axis),
            5 => builder.Emit(Primitives.Concat, [x, x], Attributes.Of(axis)),
            6 => Emit(Primitives.Broadcast, x, Attributes.Of(Shape.Create([2, .. shape.Sizes]), Enumerable.Range(1, shape.Rank).Select(i => (long)i).ToArray())),
            7 => Gather(x, shape, axis),
            _ => Scatter(x, shape, axis),
        };
    }

    private Value Slice(Value x, Shape shape)
    {
        var (starts, limits, strides) = (new long[shape.Rank], shape.Sizes.ToArray(), new long[shape.Rank]);
        for (var i = 0; i < starts.Length; i++) (starts[i], strides[i]) = (generator.Below((int)Math.Max(1, shape[i])), 1 + generator.Below(2));
        return Emit(Primitives.Slice, x, Attributes.Of(starts, limits, strides));
    }

    private Value Pad(Value x, Shape shape, int axis)
    {
        var (low, high, interior) = (new long[shape.Rank], new long[shape.Rank], new long[shape.Rank]);
        (low[axis], high[axis], interior[axis]) = (generator.Below(3), shape[axis] > 1 ? generator.Below(3) - 1 : 1, generator.Below(2));
        return builder.Emit(Primitives.Pad, [x, builder.Emit(Primitives.Constant, [], Attributes.Of(builder.DTypeOf(x), Array.Empty<long>(), new[] { 0L }))], Attributes.Of(low, high, interior));
    }

    private Value Gather(Value x, Shape shape, int axis) =>
        shape[axis] == 0 ? x : builder.Emit(Primitives.Gather, [x, builder.Parameter(new(DType.Int32, [5]))], Attributes.Of(axis));

    private Value Scatter(Value x, Shape shape, int axis)
    {
        var indices = builder.Emit(Primitives.Iota, [], Attributes.Of(DType.Int64, new[] { shape[axis] }, 0L));
        var reversed = Emit(Primitives.Reverse, indices, Attributes.Of(new[] { 0L }));
        return builder.Emit(Primitives.Scatter, [x, reversed, x], Attributes.Of(axis, 0L));
    }

    private Value Emit(Primitive form, Value x, Attributes attributes) => builder.Emit(form, [x], attributes);

    private long[] Shuffled(int count)
    {
        long[] order = [.. Enumerable.Range(0, count).Select(i => (long)i)];
        for (var i = count - 1; i > 0; i--)
        {
            var k = generator.Below(i + 1);
            (order[i], order[k]) = (order[k], order[i]);
        }
        return order;
    }
}

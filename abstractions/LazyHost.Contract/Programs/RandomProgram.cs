using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>
/// Makes a random graph of primitives over one floating-point type, i32 and bool. Floating-point values are kept within [-1, 1] and away from jumps, so that
/// rounding errors stay small; integers do as they like.
/// </summary>
internal sealed class RandomProgram
{
    private const int Steps = 24;
    private const int MostElements = 3000;

    private readonly GraphBuilder builder = new();
    private readonly Generator generator;
    private readonly DType real;
    private readonly List<Value> values = [];

    public RandomProgram(DType real, Generator generator)
    {
        this.real = real;
        this.generator = generator;
        for (var i = 0; i < 2; i++) values.Add(builder.Parameter(new(real, RandomShape())));
        values.Add(builder.Parameter(new(DType.Int32, RandomShape())));
    }

    public Graph Build()
    {
        for (var i = 0; i < Steps; i++)
        {
            var made = Step(generator.Pick(values));
            if (builder.ShapeOf(made).ElementCount <= MostElements) values.Add(made);
        }
        builder.AddRoot(values[^1]);
        foreach (var type in new[] { real, DType.Int32, DType.Bool })
            if (values.FindLastIndex(value => builder.DTypeOf(value) == type) is var last and >= 0) builder.AddRoot(values[last]);
        builder.AddRoot(generator.Pick(values));
        return builder.Build();
    }

    private Value Step(Value x) => generator.Below(12) switch
    {
        0 or 1 or 2 or 3 => Elementwise(x),
        4 => Select(x),
        5 => Convert(x),
        6 or 7 or 8 => new RandomMoves(builder, generator).Step(x),
        9 or 10 => Fold(x),
        _ => Product(x),
    };

    private Value Elementwise(Value x)
    {
        var y = Partner(x);
        if (builder.DTypeOf(x) == DType.Bool) return Emit(generator.Pick([Primitives.And, Primitives.Or, Primitives.Xor, Primitives.Eq]), x, y);
        if (builder.DTypeOf(x) == DType.Int32)
            return generator.Chance(30) ? Emit(generator.Pick([Primitives.Neg, Primitives.Abs, Primitives.Not, Primitives.Sign]), x)
                : Emit(generator.Pick([Primitives.Add, Primitives.Sub, Primitives.Mul, Primitives.Div, Primitives.Rem, Primitives.And, Primitives.Xor, Primitives.Max,
                    Primitives.Min, Primitives.ShiftLeft, Primitives.ShiftRight, Primitives.Lt, Primitives.Ge]), x, y);
        return generator.Below(8) switch
        {
            0 => Emit(generator.Pick([Primitives.Tanh, Primitives.Sin, Primitives.Erf]), x),
            1 => Emit(generator.Pick([Primitives.Neg, Primitives.Abs]), x),
            2 => Emit(Primitives.Exp, Emit(Primitives.Neg, Emit(Primitives.Abs, x))),
            3 => Emit(generator.Pick([Primitives.Max, Primitives.Min]), x, y),
            4 or 5 => Emit(Primitives.Mul, x, y),
            _ => Scaled(Emit(generator.Pick([Primitives.Add, Primitives.Sub]), x, y), 0.5),
        };
    }

    private Value Select(Value x)
    {
        var shape = builder.ShapeOf(x);
        if (shape.Rank == 0) return x;
        var axis = generator.Below(shape.Rank);
        var index = builder.Emit(Primitives.Iota, [], Attributes.Of(DType.Int32, shape, axis));
        var half = Constant(new(DType.Int32, shape), shape[axis] / 2);
        return builder.Emit(Primitives.Select, [Emit(generator.Pick([Primitives.Lt, Primitives.Eq]), index, half), x, Partner(x)]);
    }

    private Value Convert(Value x)
    {
        if (builder.DTypeOf(x) == DType.Bool) return Cast(x, generator.Pick([real, DType.Int32]));
        if (builder.DTypeOf(x) == real) return x;
        return generator.Chance(50) ? Scaled(Cast(Emit(Primitives.And, x, Constant(builder.TypeOf(x), 7)), real), 0.125) : Cast(x, DType.Bool);
    }

    private Value Fold(Value x)
    {
        var (type, shape) = (builder.DTypeOf(x), builder.ShapeOf(x));
        if (shape.Rank == 0) return x;
        var axis = generator.Below(shape.Rank);
        if (shape[axis] == 0) return x;
        if (type == DType.Bool) return builder.Emit(generator.Pick([Primitives.ReduceAnd, Primitives.ReduceOr]), [x], Attributes.Of(new[] { (long)axis }));
        switch (generator.Below(type == real ? 5 : 7))
        {
            case 0:
                return builder.Emit(generator.Pick([Primitives.ReduceMax, Primitives.ReduceMin]), [x], Attributes.Of(new[] { (long)axis }));
            case 1:
                return builder.Emit(generator.Pick([Primitives.CumMax, Primitives.CumMin]), [x], Attributes.Of(axis, generator.Chance(50)));
            case 2:
                return Shrunk(builder.Emit(Primitives.CumSum, [x], Attributes.Of(axis, generator.Chance(50))), shape[axis]);
            case 3:
                return Window(x, axis);
            case 5:
                return builder.Emit(Primitives.Sort, [x], Attributes.Of(axis, generator.Chance(50))) with { Output = 0 };
            case 6:
                return Cast(builder.Emit(generator.Pick([Primitives.ArgMax, Primitives.ArgMin]), [x], Attributes.Of(axis)), DType.Int32);
            default:
                long[] axes = generator.Chance(30) ? [.. Enumerable.Range(0, shape.Rank).Select(i => (long)i)] : [axis];
                return Shrunk(builder.Emit(Primitives.ReduceSum, [x], Attributes.Of(axes)), axes.Aggregate(1L, (count, i) => count * shape[(int)i]));
        }
    }

    private Value Window(Value x, int axis)
    {
        var rank = builder.ShapeOf(x).Rank;
        long[] Ones() => [.. Enumerable.Repeat(1L, rank)];
        var (window, stride, low, high) = (Ones(), Ones(), new long[rank], new long[rank]);
        (window[axis], stride[axis], low[axis]) = (2, 1 + generator.Below(2), generator.Below(2));
        // A window that no element reaches would give the identity of the maximum, which is out of bounds.
        if (builder.ShapeOf(x)[axis] < 2) return x;
        var kind = generator.Below(3);
        var result = builder.Emit(Primitives.ReduceWindow, [x], Attributes.Of(kind, window, stride, low, high));
        return kind == 0 ? Shrunk(result, 2) : result;
    }

    private Value Product(Value x)
    {
        var shape = builder.ShapeOf(x);
        if (builder.DTypeOf(x) == DType.Bool || shape.Rank is 0 or > 3) return x;
        // Rank 3 keeps its first dimension as a batch.
        long[] batch = shape.Rank == 3 ? [0] : [];
        long[] contract = [shape.Rank - 1 - (shape.Rank > 1 && generator.Chance(50) ? 1 : 0)];
        return Shrunk(builder.Emit(Primitives.DotGeneral, [x, x], Attributes.Of(batch, batch, contract, contract)), shape[(int)contract[0]]);
    }

    /// <summary>A sum of floating-point numbers brought back within bounds; integers as they are.</summary>
    private Value Shrunk(Value x, long terms) => builder.DTypeOf(x) == real ? Scaled(x, 1.0 / Math.Max(1, terms)) : x;

    private Value Scaled(Value x, double factor) => Emit(Primitives.Mul, x, Constant(builder.TypeOf(x), factor));

    private Value Constant(TensorType type, double value) => builder.Emit(Primitives.Broadcast,
        [builder.Emit(Primitives.Constant, [], Attributes.Of(type.DType, Array.Empty<long>(), new[] { type.DType.IsFloat() ? BitConverter.DoubleToInt64Bits(value) : (long)value }))],
        Attributes.Of(type.Shape, Array.Empty<long>()));

    private Value Cast(Value x, DType type) => builder.Emit(Primitives.Cast, [x], Attributes.Of(type));

    private Value Emit(Primitive form, params ReadOnlySpan<Value> operands) => builder.Emit(form, operands);

    private Value Partner(Value x) => generator.Pick(values.FindAll(value => builder.TypeOf(value).Equals(builder.TypeOf(x))) is { Count: > 0 } same ? same : [x]);

    private Shape RandomShape()
    {
        var sizes = new long[generator.Below(4)];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = generator.Pick(Sizes);
        return Shape.Create(sizes);
    }

    private static readonly long[] Sizes = [1, 2, 3, 4, 5, 8, 16, 17];
}

using LazyHost.IR;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests.Emission;

/// <summary>Graphs that become kernels of every kind.</summary>
internal static class KernelGraphs
{
    private static readonly Tolerance Sums = new(2e-5, 1e-4);

    private static readonly Dictionary<string, Func<KernelGraph>> Walks = new()
    {
        ["map of 37"] = () => Maps([37], DType.Float32),
        ["map of 4 at a time"] = () => Maps([64], DType.Float32),
        ["map of 8 at a time"] = () => Maps([64], DType.BFloat16),
        ["map of 8 bytes at a time"] = () => Maps([3, 16], DType.Int8),
        ["map of 2 at a time"] = () => Maps([6, 8], DType.Float64),
        ["map of mixed sizes"] = Mixed,
        ["one number"] = () => Maps([], DType.Float32),
        ["nothing"] = () => Maps([0], DType.Float32),
        ["broadcast rows"] = () => Broadcast([5, 8], 1),
        ["broadcast columns"] = () => Broadcast([5, 9], 0),
        ["reversed"] = () => Shaped([5, 12], (b, x) => b.Emit(Primitives.Reverse, [x], Attributes.Of(new long[] { 0, 1 }))),
        ["padded"] = () => Shaped([4, 6], (b, x) => b.Emit(Primitives.Pad, [x, Constant(b, 7)], Attributes.Of(new long[] { 1, 2 }, new long[] { 2, 1 }, new long[] { 0, 0 }))),
        ["padded rows"] = () => Shaped([4, 8], (b, x) => b.Emit(Primitives.Pad, [x, Constant(b, 7)], Attributes.Of(new long[] { 1, 0 }, new long[] { 2, 0 }, new long[] { 0, 0 }))),
        ["sliced"] = () => Shaped([7, 16], (b, x) => b.Emit(Primitives.Slice, [x], Attributes.Of(new long[] { 1, 4 }, new long[] { 7, 12 }, new long[] { 2, 1 }))),
        ["joined"] = () => Shaped([3, 7], (b, x) => b.Emit(Primitives.Concat, [x, x, b.Emit(Primitives.Neg, [x])], Attributes.Of(1L))),
        ["turned"] = () => Turned([33, 47], DType.Float32),
        ["turned, narrow"] = () => Turned([64, 40], DType.BFloat16),
        ["turned, batched"] = () => Shaped([3, 35, 20], (b, x) => b.Emit(Primitives.Permute, [x], Attributes.Of(new long[] { 0, 2, 1 }))),
        ["turned and padded"] = () => Shaped([36, 34], (b, x) =>
            b.Emit(Primitives.Pad, [b.Emit(Primitives.Permute, [x], Attributes.Of(new long[] { 1, 0 })), Constant(b, 3)], Attributes.Of(new long[] { 1, 2 }, new long[] { 2, 1 }, new long[] { 0, 0 }))),
        ["sum of rows"] = () => Reduced(Primitives.ReduceSum, [3, 101], [1], DType.Float32),
        ["sum of rows, 4 at a time"] = () => Reduced(Primitives.ReduceSum, [2, 520], [1], DType.Float32),
        ["sum of narrow rows"] = () => Reduced(Primitives.ReduceSum, [2, 80], [1], DType.BFloat16),
        ["sum of two axes"] = () => Reduced(Primitives.ReduceSum, [5, 6, 13], [0, 2], DType.Float32),
        ["sum of columns"] = () => Reduced(Primitives.ReduceSum, [50, 37], [0], DType.Float32),
        ["sum of short rows"] = () => Reduced(Primitives.ReduceSum, [70, 5], [1], DType.Float32),
        ["sum of all"] = () => Reduced(Primitives.ReduceSum, [1500], [0], DType.Float32),
        ["sum of nothing"] = () => Reduced(Primitives.ReduceSum, [3, 0], [1], DType.Float32),
        ["greatest of nothing"] = () => Reduced(Primitives.ReduceMax, [3, 0], [1], DType.Float32),
        ["sum of many, cut"] = () => Reduced(Primitives.ReduceSum, [33000], [0], DType.Float32),
        ["sum of long columns, cut"] = () => Reduced(Primitives.ReduceSum, [1030, 33], [0], DType.Float32),
        ["greatest of long columns, cut"] = () => Reduced(Primitives.ReduceMax, [1024, 33], [0], DType.Float32),
        ["softmax"] = () => Softmax([5, 130]),
        ["softmax, 4 at a time"] = () => Softmax([3, 256]),
        ["softmax of short rows"] = () => Softmax([20, 7]),
        ["mean and variance"] = Normalized,
        ["six sums of a row"] = ManySums,
        ["many buffers"] = () => ManyBuffers(40),
        ["scalars"] = Scalars,
        ["positions"] = Positions,
    };

    public static IEnumerable<string> Names => Walks.Keys;

    public static KernelGraph Of(string name) => Walks[name]();

    /// <summary>A primitive in all types it takes, or in some of them, each a root of its own.</summary>
    public static KernelGraph Primitive(Primitive primitive, IEnumerable<DType> types, long size)
    {
        var (builder, inputs, random) = (new GraphBuilder(), new List<byte[]>(), new Random(7));
        foreach (var type in types)
        {
            var operands = new Value[primitive.OperandCount.Least];
            for (var i = 0; i < operands.Length; i++)
            {
                var operand = new TensorType(primitive.Kind == PrimitiveKind.Select && i == 0 ? DType.Bool : type, [size]);
                operands[i] = builder.Parameter(operand);
                inputs.Add(Elements.Random(random, operand));
            }
            builder.AddRoot(builder.Emit(primitive, operands));
        }
        var isRough = primitive.Kind is PrimitiveKind.Sin or PrimitiveKind.Cos or PrimitiveKind.Pow or PrimitiveKind.Exp or PrimitiveKind.Expm1;
        return new(builder.Build(), [.. inputs], [], isRough ? new Tolerance(1e-5, 1e-6) : null);
    }

    /// <summary>A cast from a type to all others.</summary>
    public static KernelGraph Casts(DType from, long size)
    {
        var builder = new GraphBuilder();
        var type = new TensorType(from, [size]);
        var x = builder.Parameter(type);
        foreach (var to in DTypes.All)
        {
            builder.AddRoot(builder.Emit(Primitives.Cast, [x], Attributes.Of(to)));
            if (from.Size() == to.Size() && from != DType.Bool && to != DType.Bool) builder.AddRoot(builder.Emit(Primitives.Bitcast, [x], Attributes.Of(to)));
        }
        return new(builder.Build(), [Elements.Random(new Random(11), type, scale: 300)], [], Tolerance.Exact);
    }

    public static KernelGraph Reduced(Primitive primitive, long[] shape, long[] axes, DType type)
    {
        var builder = new GraphBuilder();
        var operand = new TensorType(type, Shape.Create(shape));
        builder.AddRoot(builder.Emit(primitive, [builder.Parameter(operand)], Attributes.Of(axes)));
        var isProduct = primitive.Kind == PrimitiveKind.ReduceProd && type.IsFloat();
        var (random, hasSpecials) = (new Random(5), !isProduct && primitive.Kind != PrimitiveKind.ReduceSum);
        var input = Elements.Random(random, operand, hasSpecials);
        if (isProduct) for (long i = 0; i < operand.Shape.ElementCount; i++) Elements.Put(input, type, i, random.Next(2) == 0 ? 1 : -1);
        return new(builder.Build(), [input], [], !type.IsFloat() ? Tolerance.Exact : type.Size() == 2 ? new Tolerance(2e-2, 1) : Sums);
    }

    public static KernelGraph Maps(long[] shape, DType type)
    {
        var builder = new GraphBuilder();
        var (a, b) = (builder.Parameter(new(type, Shape.Create(shape))), builder.Parameter(new(type, Shape.Create(shape))));
        builder.AddRoot(builder.Emit(Primitives.Max, [builder.Emit(Primitives.Mul, [a, b]), builder.Emit(Primitives.Sub, [a, b])]));
        return Filled(builder, Tolerance.Default(type));
    }

    public static KernelGraph Softmax(long[] sizes)
    {
        var (builder, shape) = (new GraphBuilder(), Shape.Create(sizes));
        var x = builder.Parameter(new(DType.Float32, shape));
        var e = builder.Emit(Primitives.Exp, [builder.Emit(Primitives.Sub, [x, Spread(builder, builder.Emit(Primitives.ReduceMax, [x], Attributes.Of(new long[] { 1 })), shape)])]);
        var sum = builder.Emit(Primitives.ReduceSum, [e], Attributes.Of(new long[] { 1 }));
        builder.AddRoot(builder.Emit(Primitives.Div, [e, Spread(builder, sum, shape)]));
        builder.AddRoot(sum);
        return Filled(builder, Sums);
    }

    private static KernelGraph Normalized()
    {
        var (builder, shape) = (new GraphBuilder(), Shape.Create([6, 96]));
        var x = builder.Parameter(new(DType.Float32, shape));
        var mean = Spread(builder, builder.Emit(Primitives.Mul, [builder.Emit(Primitives.ReduceSum, [x], Attributes.Of(new long[] { 1 })), Splat(builder, 1 / 96.0, [6])]), shape);
        var centered = builder.Emit(Primitives.Sub, [x, mean]);
        var squares = builder.Emit(Primitives.ReduceSum, [builder.Emit(Primitives.Mul, [centered, centered])], Attributes.Of(new long[] { 1 }));
        var deviation = builder.Emit(Primitives.Rsqrt, [builder.Emit(Primitives.Add, [squares, Splat(builder, 1e-5, [6])])]);
        builder.AddRoot(builder.Emit(Primitives.Mul, [centered, Spread(builder, deviation, shape)]));
        return Filled(builder, Sums);
    }

    private static KernelGraph ManySums()
    {
        var (builder, shape) = (new GraphBuilder(), Shape.Create([3, 90]));
        var x = builder.Parameter(new(DType.Float32, shape));
        var value = x;
        for (var i = 0; i < 6; i++)
        {
            builder.AddRoot(builder.Emit(i % 2 == 0 ? Primitives.ReduceSum : Primitives.ReduceMin, [value], Attributes.Of(new long[] { 1 })));
            value = builder.Emit(Primitives.Abs, [builder.Emit(Primitives.Sub, [value, x])]);
        }
        return Filled(builder, Sums);
    }

    private static KernelGraph ManyBuffers(int count)
    {
        var builder = new GraphBuilder();
        var sum = builder.Parameter(new(DType.Float32, [33]));
        for (var i = 1; i < count; i++) sum = builder.Emit(Primitives.Add, [sum, builder.Parameter(new(DType.Float32, [33]))]);
        builder.AddRoot(sum);
        return Filled(builder, Sums);
    }

    private static KernelGraph Scalars()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [24]));
        var (rate, count) = (builder.Scalar(DType.Float32), builder.Scalar(DType.Int64));
        var (spreadRate, spreadCount) = (builder.Emit(Primitives.Broadcast, [rate], Attributes.Of(Shape.Create([24]), Array.Empty<long>())),
            builder.Emit(Primitives.Broadcast, [builder.Emit(Primitives.Cast, [count], Attributes.Of(DType.Float32))], Attributes.Of(Shape.Create([24]), Array.Empty<long>())));
        builder.AddRoot(builder.Emit(Primitives.Add, [builder.Emit(Primitives.Mul, [x, spreadRate]), spreadCount]));
        return Filled(builder, Tolerance.Default(DType.Float32)) with { Scalars = [BitConverter.DoubleToInt64Bits(0.1), 12345] };
    }

    private static KernelGraph Positions()
    {
        var builder = new GraphBuilder();
        foreach (var type in (DType[])[DType.Float32, DType.Int32, DType.Int64, DType.UInt8])
            builder.AddRoot(builder.Emit(Primitives.Add, [builder.Emit(Primitives.Iota, [], Attributes.Of(type, new long[] { 5, 12 }, 1L)), builder.Parameter(new(type, [5, 12]))]));
        return Filled(builder, Tolerance.Default(DType.Float32));
    }

    private static KernelGraph Mixed()
    {
        var builder = new GraphBuilder();
        var (mask, narrow, x) = (builder.Parameter(new(DType.Bool, [4, 24])), builder.Parameter(new(DType.Float16, [4, 24])), builder.Parameter(new(DType.Float32, [24])));
        var wide = builder.Emit(Primitives.Broadcast, [x], Attributes.Of(Shape.Create([4, 24]), new long[] { 1 }));
        builder.AddRoot(builder.Emit(Primitives.Select, [mask, builder.Emit(Primitives.Cast, [narrow], Attributes.Of(DType.Float32)), wide]));
        return Filled(builder, Tolerance.Exact);
    }

    private static KernelGraph Broadcast(long[] sizes, long axis)
    {
        var (builder, shape) = (new GraphBuilder(), Shape.Create(sizes));
        var x = builder.Parameter(new(DType.Float32, shape));
        var b = builder.Parameter(new(DType.Float32, [sizes[axis]]));
        builder.AddRoot(builder.Emit(Primitives.Add, [x, builder.Emit(Primitives.Broadcast, [b], Attributes.Of(shape, new[] { axis }))]));
        return Filled(builder, Tolerance.Exact);
    }

    private static KernelGraph Turned(long[] sizes, DType type)
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Parameter(new(type, Shape.Create(sizes))), builder.Parameter(new(type, [sizes[1], sizes[0]])));
        builder.AddRoot(builder.Emit(Primitives.Add, [builder.Emit(Primitives.Permute, [x], Attributes.Of(new long[] { 1, 0 })), y]));
        return Filled(builder, Tolerance.Default(type));
    }

    private static KernelGraph Shaped(long[] sizes, Func<GraphBuilder, Value, Value> shape)
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.Abs, [shape(builder, builder.Parameter(new(DType.Float32, Shape.Create(sizes))))]));
        return Filled(builder, Tolerance.Exact);
    }

    private static Value Spread(GraphBuilder builder, Value rows, Shape shape) => builder.Emit(Primitives.Broadcast, [rows], Attributes.Of(shape, new long[] { 0 }));

    private static Value Constant(GraphBuilder builder, double value) =>
        builder.Emit(Primitives.Constant, [], Attributes.Of(DType.Float32, Array.Empty<long>(), new[] { BitConverter.DoubleToInt64Bits(value) }));

    private static Value Splat(GraphBuilder builder, double value, long[] sizes) => builder.Emit(Primitives.Broadcast, [Constant(builder, value)], Attributes.Of(Shape.Create(sizes), Array.Empty<long>()));

    /// <summary>The graph with random numbers for its parameters.</summary>
    private static KernelGraph Filled(GraphBuilder builder, Tolerance tolerance)
    {
        var (graph, random) = (builder.Build(), new Random(3));
        return new(graph, [.. graph.Parameters.ToArray().Select(type => Elements.Random(random, type, hasSpecials: false))], [], tolerance);
    }
}

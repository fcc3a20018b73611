using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>Small graphs that the behaviour cases share.</summary>
internal static class Graphs
{
    /// <summary>x * y + x of one shape.</summary>
    public static Graph MultiplyAdd(DType type, params ReadOnlySpan<long> sizes)
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Parameter(new(type, Shape.Create(sizes))), builder.Parameter(new(type, Shape.Create(sizes))));
        builder.AddRoot(builder.Emit(Primitives.Add, [builder.Emit(Primitives.Mul, [x, y]), x]));
        return builder.Build();
    }

    /// <summary>x times a number from the scalar block.</summary>
    public static Graph Scale(DType type, long size)
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(type, [size]));
        var factor = builder.Emit(Primitives.Broadcast, [builder.Scalar(type)], Attributes.Of(new[] { size }, Array.Empty<long>()));
        builder.AddRoot(builder.Emit(Primitives.Mul, [x, factor]));
        return builder.Build();
    }

    /// <summary>A chain of element-wise primitives that a backend may fuse, a reduction of it and a product with it: the kernels a program is made of.</summary>
    public static Graph Mixed(DType type)
    {
        var builder = new GraphBuilder();
        var (x, w) = (builder.Parameter(new(type, [37, 65])), builder.Parameter(new(type, [65, 19])));
        var y = builder.Emit(Primitives.Max, [builder.Emit(Primitives.Mul, [x, x]), builder.Emit(Primitives.Neg, [x])]);
        builder.AddRoot(builder.Emit(Primitives.ReduceSum, [y], Attributes.Of(new[] { 1L })));
        builder.AddRoot(builder.Emit(Primitives.DotGeneral, [y, w], Attributes.Of(Array.Empty<long>(), Array.Empty<long>(), new[] { 1L }, new[] { 0L })));
        return builder.Build();
    }

    /// <summary>Element-wise primitives alone, of which each rounds once.</summary>
    public static Graph Chain(DType type, long size)
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Parameter(new(type, [size])), builder.Parameter(new(type, [size])));
        var value = x;
        foreach (var step in new[] { Primitives.Mul, Primitives.Add, Primitives.Sub, Primitives.Mul, Primitives.Max, Primitives.Add, Primitives.Div, Primitives.Mul, Primitives.Sub })
            value = builder.Emit(step, [value, y]);
        value = builder.Emit(Primitives.Sqrt, [builder.Emit(Primitives.Abs, [value])]);
        builder.AddRoot(builder.Emit(Primitives.Add, [builder.Emit(Primitives.Mul, [value, x]), y]));
        return builder.Build();
    }

    /// <summary>A call that no backend knows.</summary>
    public static Graph UnknownCall()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [4]));
        builder.AddRoot(builder.Emit(Primitives.CustomCall, [x], Attributes.Of("no such call", DType.Float32, new[] { 4L }, Array.Empty<long>())));
        return builder.Build();
    }

    /// <summary>Inputs for a graph: numbers from -2 to 2.</summary>
    public static Elements[] Inputs(Graph graph, string seed)
    {
        var generator = Generator.For(seed);
        return [.. graph.Parameters.Select(type => generator.Elements(type, -2, 2))];
    }
}

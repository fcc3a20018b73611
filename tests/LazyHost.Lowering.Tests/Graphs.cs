using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

/// <summary>Well-known computations as graphs of primitives.</summary>
internal static class Graphs
{
    public static Value Apply(this GraphBuilder g, OperatorForm form, params Value[] operands) => g.Emit(form, operands);

    public static Value Number(this GraphBuilder g, double value, Shape shape) =>
        g.Emit(Primitives.Constant, [], Attributes.Of(DType.Float32, shape, new[] { BitConverter.DoubleToInt64Bits((float)value) }));

    public static Value Float(this GraphBuilder g, params long[] sizes) => g.Parameter(new(DType.Float32, Shape.Create(sizes)));

    public static Value Spread(this GraphBuilder g, Value x, Shape to, params long[] dims) => g.Emit(Primitives.Broadcast, [x], Attributes.Of(to, dims));

    public static Value Reduce(this GraphBuilder g, OperatorForm form, Value x, params long[] axes) => g.Emit(form, [x], Attributes.Of(axes));

    public static Graph Build(Func<GraphBuilder, Value[]> make)
    {
        var g = new GraphBuilder();
        foreach (var root in make(g)) g.AddRoot(root);
        return g.Build();
    }

    public static Graph Chain(int length, params long[] sizes) => Build(g =>
    {
        Value x = g.Float(sizes), y = g.Float(sizes);
        for (var i = 0; i < length; i++) x = g.Apply(i % 2 == 0 ? Primitives.Mul : Primitives.Add, x, y);
        return [x];
    });

    public static Value Softmax(GraphBuilder g, Value x)
    {
        var shape = g.ShapeOf(x);
        var shifted = g.Apply(Primitives.Sub, x, g.Spread(g.Reduce(Primitives.ReduceMax, x, 1), shape, 0));
        var exp = g.Apply(Primitives.Exp, shifted);
        return g.Apply(Primitives.Div, exp, g.Spread(g.Reduce(Primitives.ReduceSum, exp, 1), shape, 0));
    }

    public static (Value Mean, Value Centered, Value Variance) Moments(GraphBuilder g, Value x)
    {
        var shape = g.ShapeOf(x);
        var count = g.Number(shape[1], Shape.Create([shape[0]]));
        var mean = g.Apply(Primitives.Div, g.Reduce(Primitives.ReduceSum, x, 1), count);
        var centered = g.Apply(Primitives.Sub, x, g.Spread(mean, shape, 0));
        return (mean, centered, g.Apply(Primitives.Div, g.Reduce(Primitives.ReduceSum, g.Apply(Primitives.Mul, centered, centered), 1), count));
    }

    public static Value LayerNorm(GraphBuilder g, Value x, Value scale, Value shift)
    {
        var shape = g.ShapeOf(x);
        var (_, centered, variance) = Moments(g, x);
        var deviation = g.Apply(Primitives.Rsqrt, g.Apply(Primitives.Add, variance, g.Number(1e-5, g.ShapeOf(variance))));
        var normal = g.Apply(Primitives.Mul, centered, g.Spread(deviation, shape, 0));
        return g.Apply(Primitives.Add, g.Apply(Primitives.Mul, normal, g.Spread(scale, shape, 1)), g.Spread(shift, shape, 1));
    }

    public static Value Gelu(GraphBuilder g, Value x)
    {
        var shape = g.ShapeOf(x);
        var cube = g.Apply(Primitives.Mul, x, g.Apply(Primitives.Mul, x, x));
        var inner = g.Apply(Primitives.Mul, g.Number(0.7978845608, shape),
            g.Apply(Primitives.Add, x, g.Apply(Primitives.Mul, g.Number(0.044715, shape), cube)));
        return g.Apply(Primitives.Mul, g.Apply(Primitives.Mul, g.Number(0.5, shape), x),
            g.Apply(Primitives.Add, g.Number(1, shape), g.Apply(Primitives.Tanh, inner)));
    }

    public static Value MatMul(GraphBuilder g, Value a, Value b, int bContracted = 0) =>
        g.Emit(Primitives.DotGeneral, [a, b], Attributes.Of(Array.Empty<long>(), Array.Empty<long>(), new[] { 1L }, new[] { (long)bContracted }));
}

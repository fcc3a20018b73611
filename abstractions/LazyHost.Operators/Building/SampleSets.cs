using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The shapes and value ranges that samples of many operators share.</summary>
internal static class SampleSets
{
    /// <summary>One shape of each class that a lone operand can have.</summary>
    public static readonly (ShapeClass Class, Shape Shape)[] Shapes =
    [
        (ShapeClass.Scalar, []), (ShapeClass.Empty, [0, 3]), (ShapeClass.SizeOne, [1, 1]), (ShapeClass.Odd, [3, 5, 7]), (ShapeClass.Large, [33, 1025]),
    ];

    /// <summary>The shapes of <see cref="Shapes"/> that have a dimension.</summary>
    public static IEnumerable<(ShapeClass Class, Shape Shape)> Ranked => Shapes.Where(s => s.Shape.Rank > 0);

    /// <summary>An operand of random values, the range cut to what the type can hold.</summary>
    public static SampleInput Input(DType type, Shape shape, double low = -2, double high = 2)
    {
        if (type == DType.Bool) return new(new(type, shape), 0, 1);
        return type.IsSigned() ? new(new(type, shape), low, high) : new(new(type, shape), Math.Max(0, low), Math.Max(0, high));
    }

    /// <summary>One operand in every shape class.</summary>
    public static IEnumerable<OperatorSample> Unary(DType type, double low = -2, double high = 2, Attributes attributes = default) =>
        Shapes.Select(s => new OperatorSample(s.Class, [Input(type, s.Shape, low, high)], attributes));

    /// <summary>Two operands of one type in every shape class, and broadcasting ones.</summary>
    public static IEnumerable<OperatorSample> Binary(DType type, (double Low, double High) a, (double Low, double High) b)
    {
        foreach (var (kind, shape) in Shapes) yield return new(kind, [Input(type, shape, a.Low, a.High), Input(type, shape, b.Low, b.High)]);
        yield return new(ShapeClass.Broadcast, [Input(type, [4, 1, 5], a.Low, a.High), Input(type, [3, 1], b.Low, b.High)]);
        yield return new(ShapeClass.Broadcast, [Input(type, [3, 7], a.Low, a.High), Input(type, [], b.Low, b.High)]);
    }
}

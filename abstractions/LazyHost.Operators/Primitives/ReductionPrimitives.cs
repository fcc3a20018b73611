using LazyHost.IR;

namespace LazyHost.Operators;

internal sealed class ReducePrimitive(PrimitiveKind kind, string name, IReadOnlyList<DType> dtypes) : Primitive(kind, name, 1, 1, new AttributeSpec("axes", AttributeKind.Ints))
{
    public override IReadOnlyList<DType> DTypes => dtypes;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, dtypes);
        Rules.RequireAxes(context.Ints(0), context.Operands[0].Shape);
        outputs[0] = context.Operands[0].With(Rules.Without(context.Operands[0].Shape, context.Ints(0)));
    }
}

internal sealed class ArgReducePrimitive(PrimitiveKind kind, string name) : Primitive(kind, name, 1, 1, new AttributeSpec("axis", AttributeKind.Int))
{
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        Rules.RequireDType(from.DType, Rules.Numbers);
        Rules.RequireAxes([context.Int(0)], from.Shape);
        Rules.RequireShape(from.Shape[(int)context.Int(0)] > 0, $"axis {context.Int(0)} of {from} has no elements, so none is greatest or least");
        outputs[0] = new(DType.Int64, Rules.Without(from.Shape, [context.Int(0)]));
    }
}

internal sealed class CumulativePrimitive(PrimitiveKind kind, string name) : Primitive(kind, name, 1, 1, new("axis", AttributeKind.Int), new("reverse", AttributeKind.Bool))
{
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, Rules.Numbers);
        Rules.RequireAxes([context.Int(0)], context.Operands[0].Shape);
        outputs[0] = context.Operands[0];
    }
}

internal sealed class SortPrimitive() : Primitive(PrimitiveKind.Sort, "sort", 1, 1, new("axis", AttributeKind.Int), new("descending", AttributeKind.Bool))
{
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    public override int OutputCount => 2;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, Rules.Numbers);
        Rules.RequireAxes([context.Int(0)], context.Operands[0].Shape);
        outputs[0] = context.Operands[0];
        outputs[1] = context.Operands[0].With(DType.Int64);
    }
}

/// <summary>Attributes: kind (0 sum, 1 max, 2 min), then per dimension window, stride, low and high padding with the identity.</summary>
internal sealed class ReduceWindowPrimitive() : Primitive(PrimitiveKind.ReduceWindow, "reduce_window", 1, 1, new("kind", AttributeKind.Int),
    new("window", AttributeKind.Ints), new("strides", AttributeKind.Ints), new("low", AttributeKind.Ints), new("high", AttributeKind.Ints))
{
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, Rules.Numbers);
        Rules.RequireAttribute(context.Int(0) is >= 0 and <= 2, $"kind {context.Int(0)} is not 0 (sum), 1 (max) or 2 (min)");
        outputs[0] = context.Operands[0].With(Window(context.Operands[0].Shape, context.Ints(1), context.Ints(2), context.Ints(3), context.Ints(4)));
    }

    internal static Shape Window(Shape shape, ReadOnlySpan<long> window, ReadOnlySpan<long> strides, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        var rank = shape.Rank;
        Rules.RequireAttribute(window.Length == rank && strides.Length == rank && low.Length == rank && high.Length == rank, $"a window over {shape} needs {rank} sizes, strides and paddings");
        var sizes = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            Rules.RequireAttribute(window[i] > 0 && strides[i] > 0, $"window {window[i]} and stride {strides[i]} of dimension {i} must be positive");
            Rules.RequireAttribute(low[i] >= 0 && high[i] >= 0, $"padding {low[i]}, {high[i]} of dimension {i} must not be negative");
            sizes[i] = Rules.WindowPlaces(shape[i], low[i], high[i], window[i], 1, strides[i]);
        }
        return Shape.Create(sizes);
    }
}

/// <summary>Operands: the pooled tensor, then the gradient of the pooling's result. The first greatest of a window (row-major) receives; NaN counts as greatest.</summary>
internal sealed class SelectAndScatterPrimitive() : Primitive(PrimitiveKind.SelectAndScatter, "select_and_scatter", 2, 2,
    new("window", AttributeKind.Ints), new("strides", AttributeKind.Ints), new("low", AttributeKind.Ints), new("high", AttributeKind.Ints))
{
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireDType(context.Operands[0].DType, Rules.Floats);
        var source = ReduceWindowPrimitive.Window(context.Operands[0].Shape, context.Ints(0), context.Ints(1), context.Ints(2), context.Ints(3));
        Rules.RequireSame(context.Operands[0].With(source), context.Operands[1]);
        outputs[0] = context.Operands[0];
    }
}

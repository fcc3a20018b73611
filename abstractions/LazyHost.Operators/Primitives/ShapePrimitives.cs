using LazyHost.IR;

namespace LazyHost.Operators;

internal sealed class BroadcastPrimitive() : Primitive(PrimitiveKind.Broadcast, "broadcast", 1, 1, new("sizes", AttributeKind.Ints), new("dims", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        var to = Shape.Create(context.Ints(0));
        var dims = context.Ints(1);
        Rules.RequireShape(dims.Length == from.Shape.Rank, $"{from} has {from.Shape.Rank} dimensions but {dims.Length} are mapped");
        for (var i = 0; i < dims.Length; i++)
        {
            Rules.RequireAttribute(dims[i] >= 0 && dims[i] < to.Rank && (i == 0 || dims[i] > dims[i - 1]), $"dims [{string.Join(", ", dims.ToArray())}] must rise and lie within {to}");
            Rules.RequireShape(from.Shape[i] == 1 || from.Shape[i] == to[(int)dims[i]], $"cannot broadcast dimension {i} of {from} to {to}: it must be 1 or equal");
        }
        outputs[0] = from.With(to);
    }
}

internal sealed class ReshapePrimitive() : Primitive(PrimitiveKind.Reshape, "reshape", 1, 1, new AttributeSpec("sizes", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        var to = Shape.Create(context.Ints(0));
        Rules.RequireShape(from.Shape.ElementCount == to.ElementCount, $"cannot reshape {from} ({from.Shape.ElementCount} elements) to {to} ({to.ElementCount} elements)");
        outputs[0] = from.With(to);
    }
}

internal sealed class PermutePrimitive() : Primitive(PrimitiveKind.Permute, "permute", 1, 1, new AttributeSpec("permutation", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        var order = context.Ints(0);
        Rules.RequireAttribute(order.Length == from.Shape.Rank, $"[{string.Join(", ", order.ToArray())}] is no permutation of the dimensions of {from}");
        Rules.RequireAxes(order, from.Shape);
        var dims = new Dim[order.Length];
        for (var i = 0; i < dims.Length; i++) dims[i] = from.Shape.Dim((int)order[i]);
        outputs[0] = from.With(Shape.Create(dims));
    }
}

internal sealed class SlicePrimitive() : Primitive(PrimitiveKind.Slice, "slice", 1, 1,
    new("starts", AttributeKind.Ints), new("limits", AttributeKind.Ints), new("strides", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        var starts = context.Ints(0);
        var limits = context.Ints(1);
        var strides = context.Ints(2);
        var sizes = new long[from.Shape.Rank];
        Rules.RequireAttribute(starts.Length == sizes.Length && limits.Length == sizes.Length && strides.Length == sizes.Length, $"a slice of {from} needs {sizes.Length} starts, limits and strides");
        for (var i = 0; i < sizes.Length; i++)
        {
            Rules.RequireAttribute(strides[i] > 0, $"stride {strides[i]} of dimension {i} must be positive");
            Rules.RequireShape(starts[i] >= 0 && starts[i] <= limits[i] && limits[i] <= from.Shape[i], $"slice {starts[i]}..{limits[i]} of dimension {i} is outside {from}");
            sizes[i] = (limits[i] - starts[i] + strides[i] - 1) / strides[i];
        }
        outputs[0] = from.With(Shape.Create(sizes));
    }
}

internal sealed class PadPrimitive() : Primitive(PrimitiveKind.Pad, "pad", 2, 2,
    new("low", AttributeKind.Ints), new("high", AttributeKind.Ints), new("interior", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var from = context.Operands[0];
        Rules.RequireSame(from.With(Shape.Scalar), context.Operands[1]);
        var low = context.Ints(0);
        var high = context.Ints(1);
        var interior = context.Ints(2);
        var sizes = new long[from.Shape.Rank];
        Rules.RequireAttribute(low.Length == sizes.Length && high.Length == sizes.Length && interior.Length == sizes.Length, $"padding {from} needs {sizes.Length} low, high and interior counts");
        for (var i = 0; i < sizes.Length; i++)
        {
            Rules.RequireAttribute(interior[i] >= 0, $"interior padding {interior[i]} of dimension {i} must not be negative");
            sizes[i] = from.Shape[i] + low[i] + high[i] + (Math.Max(0, from.Shape[i] - 1) * interior[i]);
            Rules.RequireShape(sizes[i] >= 0, $"padding {low[i]}, {high[i]} removes more than dimension {i} of {from} has");
        }
        outputs[0] = from.With(Shape.Create(sizes));
    }
}

internal sealed class ReversePrimitive() : Primitive(PrimitiveKind.Reverse, "reverse", 1, 1, new AttributeSpec("axes", AttributeKind.Ints))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        Rules.RequireAxes(context.Ints(0), context.Operands[0].Shape);
        outputs[0] = context.Operands[0];
    }
}

internal sealed class ConcatPrimitive() : Primitive(PrimitiveKind.Concat, "concat", 1, int.MaxValue, new AttributeSpec("axis", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var first = context.Operands[0];
        var axis = (int)context.Int(0);
        Rules.RequireAxes([axis], first.Shape);
        var dims = new Dim[first.Shape.Rank];
        for (var i = 0; i < dims.Length; i++) dims[i] = first.Shape.Dim(i);
        foreach (var other in context.Operands[1..])
        {
            if (other.DType != first.DType) throw new DTypeMismatchException($"cannot join {first} and {other}: element types must be equal");
            Rules.RequireShape(other.Shape.Rank == dims.Length, $"cannot join {first} and {other}: ranks must be equal");
            for (var i = 0; i < dims.Length; i++)
                if (i == axis) dims[i] = dims[i].Size + other.Shape[i];
                else Rules.RequireShape(other.Shape[i] == dims[i].Size, $"cannot join {first} and {other} along axis {axis}: dimension {i} differs");
        }
        outputs[0] = first.With(Shape.Create(dims));
    }
}

using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Operands x and indices (i32 or i64). Result: x's sizes with the axis replaced by the sizes of the indices.</summary>
internal sealed class GatherPrimitive() : Primitive(PrimitiveKind.Gather, "gather", 2, 2, new AttributeSpec("axis", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (from, indices, axis) = (context.Operands[0], context.Operands[1], (int)context.Int(0));
        Rules.RequireIndex(indices.DType);
        Rules.RequireAxes([axis], from.Shape);
        Rules.RequireShape(from.Shape[axis] > 0 || indices.Shape.ElementCount == 0, $"axis {axis} of {from} has no elements to choose from");
        outputs[0] = from.With(Replace(from.Shape, axis, indices.Shape));
    }

    internal static Shape Replace(Shape shape, int axis, Shape by)
    {
        var dims = new List<Dim>();
        for (var i = 0; i < shape.Rank; i++)
            if (i != axis) dims.Add(shape.Dim(i));
            else for (var k = 0; k < by.Rank; k++) dims.Add(by.Dim(k));
        return Shape.Create(dims.ToArray());
    }
}

/// <summary>Operands x and indices of x's rank, sizes equal to x's but along the axis. Result: the sizes of the indices.</summary>
internal sealed class GatherElementsPrimitive() : Primitive(PrimitiveKind.GatherElements, "gather_elements", 2, 2, new AttributeSpec("axis", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (from, indices) = (context.Operands[0], context.Operands[1]);
        RequireAligned(from, indices, (int)context.Int(0));
        Rules.RequireShape(from.Shape[(int)context.Int(0)] > 0 || indices.Shape.ElementCount == 0, $"axis {context.Int(0)} of {from} has no elements to choose from");
        outputs[0] = from.With(indices.Shape);
    }

    internal static void RequireAligned(TensorType from, TensorType indices, int axis)
    {
        Rules.RequireIndex(indices.DType);
        Rules.RequireAxes([axis], from.Shape);
        Rules.RequireShape(indices.Shape.Rank == from.Shape.Rank, $"indices {indices} must have the rank of {from}");
        for (var i = 0; i < from.Shape.Rank; i++)
            Rules.RequireShape(i == axis || indices.Shape[i] == from.Shape[i], $"indices {indices} and {from} must have equal sizes but along axis {axis}");
    }
}

/// <summary>Operands x, indices, updates (shaped as Gather's result). Mode 0 writes, 1 adds.</summary>
internal sealed class ScatterPrimitive() : Primitive(PrimitiveKind.Scatter, "scatter", 3, 3, new("axis", AttributeKind.Int), new("mode", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (to, indices, axis) = (context.Operands[0], context.Operands[1], (int)context.Int(0));
        Rules.RequireIndex(indices.DType);
        Rules.RequireAxes([axis], to.Shape);
        Rules.RequireSame(to.With(GatherPrimitive.Replace(to.Shape, axis, indices.Shape)), context.Operands[2]);
        Rules.RequireAttribute(context.Int(1) is 0 or 1, $"mode {context.Int(1)} is not 0 (write) or 1 (add)");
        outputs[0] = to;
    }
}

/// <summary>Operands x, indices, updates (shaped as the indices). Mode 0 writes, 1 adds.</summary>
internal sealed class ScatterElementsPrimitive() : Primitive(PrimitiveKind.ScatterElements, "scatter_elements", 3, 3, new("axis", AttributeKind.Int), new("mode", AttributeKind.Int))
{
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        GatherElementsPrimitive.RequireAligned(context.Operands[0], context.Operands[1], (int)context.Int(0));
        Rules.RequireSame(context.Operands[0].With(context.Operands[1].Shape), context.Operands[2]);
        Rules.RequireAttribute(context.Int(1) is 0 or 1, $"mode {context.Int(1)} is not 0 (write) or 1 (add)");
        outputs[0] = context.Operands[0];
    }
}

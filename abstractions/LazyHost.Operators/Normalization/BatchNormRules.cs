using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>What the two forms of batch normalization share: parameters are one number for each channel, dimension 1 of x.</summary>
internal static class BatchNormRules
{
    public static void Require(in InferenceContext context)
    {
        var x = context.Operands[0];
        Rules.RequireDType(x.DType, Rules.Floats);
        Rules.RequireShape(x.Shape.Rank >= 2, $"batch normalization takes [items, channels, ...] but was given {x}");
        foreach (var parameter in context.Operands[1..])
        {
            Rules.RequireDType(parameter.DType, Rules.Floats);
            Rules.RequireShape(parameter.Shape.Rank == 1 && parameter.Shape[0] == x.Shape[1],
                $"{parameter} does not fit {x}: it must hold one number for each of the {x.Shape[1]} channels");
        }
    }

    /// <summary>Every axis but that of the channels.</summary>
    public static long[] Axes(Shape shape)
    {
        var axes = new long[shape.Rank - 1];
        for (var i = 1; i < axes.Length; i++) axes[i] = i + 1;
        return axes;
    }

    /// <summary>Numbers of channels, shaped to broadcast against x and in the type in which it is computed.</summary>
    public static Value Spread(IrBuilder builder, Value perChannel, TensorType x) =>
        builder.CastTo(builder.Reshape(perChannel, Rules.WithOnes(x.Shape, Axes(x.Shape))), x.DType.ComputeType());
}

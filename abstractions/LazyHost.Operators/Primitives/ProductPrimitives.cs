using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>Result sizes: the batch dimensions, the rest of a, the rest of b.</summary>
internal sealed class DotGeneralPrimitive() : Primitive(PrimitiveKind.DotGeneral, "dot_general", 2, 2,
    new("a_batch", AttributeKind.Ints), new("b_batch", AttributeKind.Ints), new("a_contract", AttributeKind.Ints), new("b_contract", AttributeKind.Ints))
{
    public override IReadOnlyList<DType> DTypes => Rules.Numbers;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (a, b) = (context.Operands[0], context.Operands[1]);
        Rules.RequireDType(a.DType, Rules.Numbers);
        if (a.DType != b.DType) throw new DTypeMismatchException($"cannot multiply {a} and {b}: element types must be equal");
        long[] usedA = [.. context.Ints(0), .. context.Ints(2)], usedB = [.. context.Ints(1), .. context.Ints(3)];
        Rules.RequireAxes(usedA, a.Shape);
        Rules.RequireAxes(usedB, b.Shape);
        Rules.RequireAttribute(context.Ints(0).Length == context.Ints(1).Length && usedA.Length == usedB.Length, "batch and contracted dimensions of a and b must pair up");
        for (var i = 0; i < usedA.Length; i++)
            Rules.RequireShape(a.Shape[(int)usedA[i]] == b.Shape[(int)usedB[i]], $"cannot multiply {a} and {b}: dimension {usedA[i]} of a and {usedB[i]} of b must be equal");
        var dims = new List<Dim>();
        foreach (var axis in context.Ints(0)) dims.Add(a.Shape.Dim((int)axis));
        for (var i = 0; i < a.Shape.Rank; i++) if (!usedA.Contains(i)) dims.Add(a.Shape.Dim(i));
        for (var i = 0; i < b.Shape.Rank; i++) if (!usedB.Contains(i)) dims.Add(b.Shape.Dim(i));
        outputs[0] = a.With(Shape.Create(dims.ToArray()));
    }
}

/// <summary>x[N, C, spatial...], w[O, C / groups, spatial...]; attributes per spatial dimension, and groups. x dilation puts zeros between elements of x.</summary>
internal sealed class ConvolutionPrimitive() : Primitive(PrimitiveKind.Convolution, "convolution", 2, 2,
    new("strides", AttributeKind.Ints), new("low", AttributeKind.Ints), new("high", AttributeKind.Ints),
    new("x_dilation", AttributeKind.Ints), new("w_dilation", AttributeKind.Ints), new("groups", AttributeKind.Int))
{
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, w, groups) = (context.Operands[0], context.Operands[1], context.Int(5));
        Rules.RequireDType(x.DType, Rules.Floats);
        if (x.DType != w.DType) throw new DTypeMismatchException($"cannot convolve {x} with {w}: element types must be equal");
        var spatial = x.Shape.Rank - 2;
        Rules.RequireShape(spatial >= 0 && w.Shape.Rank == x.Shape.Rank, $"cannot convolve {x} with {w}: both must be [batch or filters, channels, spatial...] of one rank");
        Rules.RequireAttribute(groups > 0, $"groups must be positive but are {groups}");
        Rules.RequireShape(x.Shape[1] == w.Shape[1] * groups && w.Shape[0] % groups == 0, $"cannot convolve {x} with {w} in {groups} groups: channels must be equal and filters divisible");
        var strides = context.Ints(0);
        var low = context.Ints(1);
        var high = context.Ints(2);
        var dilateX = context.Ints(3);
        var dilateW = context.Ints(4);
        Rules.RequireAttribute(strides.Length == spatial && low.Length == spatial && high.Length == spatial && dilateX.Length == spatial && dilateW.Length == spatial,
            $"convolving {x} needs {spatial} strides, paddings and dilations");
        var sizes = new long[spatial + 2];
        (sizes[0], sizes[1]) = (x.Shape[0], w.Shape[0]);
        for (var i = 0; i < spatial; i++)
        {
            Rules.RequireAttribute(strides[i] > 0 && dilateX[i] > 0 && dilateW[i] > 0, "strides and dilations must be positive");
            var dilated = x.Shape[i + 2] == 0 ? 0 : ((x.Shape[i + 2] - 1) * dilateX[i]) + 1;
            sizes[i + 2] = w.Shape[i + 2] == 0 ? 0 : Rules.WindowPlaces(dilated, low[i], high[i], w.Shape[i + 2], dilateW[i], strides[i]);
        }
        outputs[0] = x.With(Shape.Create(sizes));
    }
}

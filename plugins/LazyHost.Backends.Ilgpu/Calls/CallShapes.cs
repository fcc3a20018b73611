using LazyHost.Backends.Ilgpu.Convolutions;
using LazyHost.IR;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Which shapes kernels take: they go through a fixed number of dimensions.</summary>
internal static class CallShapes
{
    /// <summary>False for a primitive that changes more dimensions than its kernel goes through.</summary>
    public static bool Takes(Primitive primitive, in OperatorQuery query)
    {
        var (specs, attributes, x) = (primitive.Attributes, query.Attributes, query.Operands.IsEmpty ? Shape.Scalar : query.Operands[0].Shape);
        return primitive.Kind switch
        {
            // Without elements between, it is part of other kernels.
            PrimitiveKind.Pad => !attributes.Ints(specs, 2).ContainsAnyExcept(0) || PadDimensions.Of(x, query.Outputs[0].Shape, attributes.Ints(specs, 0), attributes.Ints(specs, 2)) is not null,
            PrimitiveKind.ReduceWindow => WindowDimensions.Of(new(x, query.Outputs[0].Shape, attributes.Ints(specs, 1), attributes.Ints(specs, 2), attributes.Ints(specs, 3))) is not null,
            PrimitiveKind.SelectAndScatter => WindowDimensions.Of(new(x, query.Operands[1].Shape, attributes.Ints(specs, 0), attributes.Ints(specs, 1), attributes.Ints(specs, 2))) is not null,
            PrimitiveKind.Convolution => WindowSizes.Of(new ConvolutionShape(primitive, attributes, x, query.Operands[1].Shape, query.Outputs[0].Shape, least: 3)) is not null,
            _ => true,
        };
    }
}

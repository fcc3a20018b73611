using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Finds the family of a primitive.</summary>
internal static class PrimitiveInterpreter
{
    public static HostTensor[] Run(Node node, HostTensor[] operands)
    {
        if (node.Form is not Primitive primitive)
            throw new UnsupportedOperatorException("the reference backend runs primitives only; decompose the operator first").At(node.Form.Name, node.CallSite);
        return primitive.Kind switch
        {
            PrimitiveKind.Constant or PrimitiveKind.Iota or PrimitiveKind.RandomBits => [DataInterpreter.Run(primitive.Kind, node, operands)],
            >= PrimitiveKind.Neg and <= PrimitiveKind.Ge => [ElementwiseInterpreter.Run(primitive.Kind, node, operands)],
            PrimitiveKind.Select or PrimitiveKind.Cast or PrimitiveKind.Bitcast => [ConvertInterpreter.Run(primitive.Kind, node, operands)],
            >= PrimitiveKind.Broadcast and <= PrimitiveKind.Concat => [ShapeInterpreter.Run(primitive.Kind, node, operands)],
            >= PrimitiveKind.ReduceSum and <= PrimitiveKind.ReduceOr => [ReduceInterpreter.Reduce(primitive.Kind, node, operands[0])],
            PrimitiveKind.ArgMax or PrimitiveKind.ArgMin => [ReduceInterpreter.ArgReduce(primitive.Kind, node, operands[0])],
            >= PrimitiveKind.CumSum and <= PrimitiveKind.CumMin => [ReduceInterpreter.Cumulate(primitive.Kind, node, operands[0])],
            >= PrimitiveKind.Gather and <= PrimitiveKind.ScatterElements => [IndexInterpreter.Run(primitive.Kind, node, operands)],
            PrimitiveKind.DotGeneral => [ProductInterpreter.Dot(node, operands[0], operands[1])],
            PrimitiveKind.Convolution => [new ConvolutionInterpreter(node, operands[0], operands[1]).Run()],
            PrimitiveKind.ReduceWindow => [WindowInterpreter.Reduce(node, operands[0])],
            PrimitiveKind.SelectAndScatter => [WindowInterpreter.SelectAndScatter(node, operands[0], operands[1])],
            PrimitiveKind.Sort => SortInterpreter.Run(node, operands[0]),
            PrimitiveKind.Barrier => [operands[0]],
            _ => throw new UnsupportedOperatorException("the reference backend knows no custom calls").At(node.Form.Name, node.CallSite),
        };
    }
}

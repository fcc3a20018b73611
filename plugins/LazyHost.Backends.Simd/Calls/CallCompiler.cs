using System.Numerics;
using LazyHost.Backends.Simd.Convolutions;
using LazyHost.Backends.Simd.Products;
using LazyHost.IR;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Makes the call that runs a primitive.</summary>
internal sealed class CallCompiler(TileSet singles, TileSet doubles)
{
    public CallStep Compile(PrimitiveStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        var inputs = step.Inputs.Select(id => buffers[id].Type).ToArray();
        var outputs = step.Outputs.Select(id => buffers[id].Type).ToArray();
        return new(Make(step, inputs, outputs), [.. step.Inputs], [.. step.Outputs]);
    }

    public static CallStep Compile(OperatorStep step, IReadOnlyList<ProgramBuffer> buffers) =>
        new(new HostKernelCall(step.Form, step.Attributes, [.. step.Inputs.Select(id => buffers[id].Type)], [.. step.Outputs.Select(id => buffers[id].Type)], step.CallSite), [.. step.Inputs], [.. step.Outputs]);

    private LibraryCall Make(PrimitiveStep step, TensorType[] inputs, TensorType[] outputs)
    {
        var type = inputs.Length > 0 ? inputs[0].DType : outputs[0].DType;
        var (kind, specs) = (step.Primitive.Kind, step.Primitive.Attributes);
        switch (kind)
        {
            case PrimitiveKind.RandomBits: return new RandomBitsCall(outputs[0].Shape.ElementCount);
            case PrimitiveKind.Gather: return new GatherCall(Axis.Of(inputs[0].Shape, step.Attributes.Int(specs, 0)), inputs[1].Shape.ElementCount, inputs[1].DType, type.Size());
            case PrimitiveKind.GatherElements or PrimitiveKind.Pad: return NumberTypes.VisitSize<Mover, LibraryCall>(type.Size(), new(step, inputs, outputs));
            case PrimitiveKind.Scatter or PrimitiveKind.ScatterElements when step.Attributes.Int(specs, 1) == 0: return NumberTypes.VisitSize<Mover, LibraryCall>(type.Size(), new(step, inputs, outputs));
        }
        var compute = type.ComputeType();
        LibraryCall call = kind == PrimitiveKind.Convolution ? Convolution(step, compute, inputs, outputs) : NumberTypes.Visit<Computer, LibraryCall>(compute, new(step, inputs, outputs));
        return compute == type ? call : new WidenedCall(call, type, inputs, outputs);
    }

    private LibraryCall Convolution(PrimitiveStep step, DType type, TensorType[] inputs, TensorType[] outputs)
    {
        var shape = new ConvolutionShape(step.Primitive, step.Attributes, inputs[0].Shape, inputs[1].Shape, outputs[0].Shape);
        return type == DType.Float64 ? new ConvolutionCall<double>(shape, doubles) : new ConvolutionCall<float>(shape, singles);
    }

    private static LibraryCall Scatter<T>(PrimitiveStep step, TensorType[] inputs, ScatterMode mode) where T : unmanaged, INumber<T>
    {
        var axis = step.Attributes.Int(step.Primitive.Attributes, 0);
        var isEach = step.Primitive.Kind == PrimitiveKind.ScatterElements;
        return new ScatterCall<T>(Axis.Of(inputs[0].Shape, axis), isEach ? inputs[1].Shape[(int)axis] : inputs[1].Shape.ElementCount, inputs[1].DType, isEach, mode);
    }

    /// <summary>Calls that move elements without looking at them.</summary>
    private readonly record struct Mover(PrimitiveStep Step, TensorType[] Inputs, TensorType[] Outputs) : INumberVisitor<LibraryCall>
    {
        public LibraryCall Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var specs = Step.Primitive.Attributes;
            return Step.Primitive.Kind switch
            {
                PrimitiveKind.Pad => new PadCall<T>(Inputs[0].Shape, Outputs[0].Shape, Step.Attributes.Ints(specs, 0).ToArray(), Step.Attributes.Ints(specs, 2).ToArray()),
                PrimitiveKind.GatherElements => new GatherElementsCall<T>(Axis.Of(Inputs[0].Shape, Step.Attributes.Int(specs, 0)), Inputs[1].Shape[(int)Step.Attributes.Int(specs, 0)], Inputs[1].DType),
                _ => Scatter<T>(Step, Inputs, ScatterMode.Write),
            };
        }
    }

    /// <summary>Calls that compute with elements.</summary>
    private readonly record struct Computer(PrimitiveStep Step, TensorType[] Inputs, TensorType[] Outputs) : INumberVisitor<LibraryCall>
    {
        public LibraryCall Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var (kind, specs, attributes, shape) = (Step.Primitive.Kind, Step.Primitive.Attributes, Step.Attributes, Inputs[0].Shape);
            switch (kind)
            {
                case PrimitiveKind.Scatter or PrimitiveKind.ScatterElements: return Scatter<T>(Step, Inputs, Inputs[0].DType == DType.Bool ? ScatterMode.Or : ScatterMode.Add);
                case PrimitiveKind.Sort: return new SortCall<T>(Axis.Of(shape, attributes.Int(specs, 0)), attributes.Bool(specs, 1));
                case PrimitiveKind.ArgMax or PrimitiveKind.ArgMin: return new ArgReduceCall<T>(Axis.Of(shape, attributes.Int(specs, 0)), kind == PrimitiveKind.ArgMax);
                case PrimitiveKind.CumSum or PrimitiveKind.CumProd or PrimitiveKind.CumMax or PrimitiveKind.CumMin:
                    return new CumulativeCall<T>(Axis.Of(shape, attributes.Int(specs, 0)), kind, attributes.Bool(specs, 1));
                case PrimitiveKind.ReduceWindow:
                    return new ReduceWindowCall<T>(new(shape, Outputs[0].Shape, attributes.Ints(specs, 1), attributes.Ints(specs, 2), attributes.Ints(specs, 3)), attributes.Int(specs, 0));
                case PrimitiveKind.SelectAndScatter:
                    return new SelectAndScatterCall<T>(new(shape, Inputs[1].Shape, attributes.Ints(specs, 0), attributes.Ints(specs, 1), attributes.Ints(specs, 2)));
                default:
                    throw new UnsupportedOperatorException($"the SIMD backend has no call for {Step.Primitive.Name}; its kernels must express it").At(Step.Primitive.Name, Step.CallSite);
            }
        }
    }
}

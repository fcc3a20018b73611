using System.Numerics;
using LazyHost.Backends.Ilgpu.Convolutions;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.IR;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Makes the step that runs a primitive kernels do not express.</summary>
internal sealed class CallCompiler(DeviceSession session)
{
    /// <exception cref="UnsupportedOperatorException">There is no such call, or the tensor has more dimensions that a window or padding changes than kernels take.</exception>
    public DeviceStep Compile(PrimitiveStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        var inputs = step.Inputs.Select(id => buffers[id].Type).ToArray();
        var outputs = step.Outputs.Select(id => buffers[id].Type).ToArray();
        var (kind, specs) = (step.Primitive.Kind, step.Primitive.Attributes);
        switch (kind)
        {
            case PrimitiveKind.RandomBits: return new RandomBitsCall(session, step, outputs[0].Shape.ElementCount);
            case PrimitiveKind.Gather:
                var axis = Axis.Of(inputs[0].Shape, step.Attributes.Int(specs, 0));
                var (size, larger) = (inputs[0].DType.Size(), 1);
                while (size * larger < sizeof(ulong) && axis.Inner % (2 * larger) == 0) larger *= 2;
                return ElementTypes.VisitSize<Mover, DeviceStep>(size * larger, new(session, step, inputs, outputs, axis with { Inner = axis.Inner / larger }));
            case PrimitiveKind.GatherElements: return ElementTypes.VisitSize<Mover, DeviceStep>(inputs[0].DType.Size(), new(session, step, inputs, outputs, Axis.Of(inputs[0].Shape, step.Attributes.Int(specs, 0))));
            case PrimitiveKind.Pad: return ElementTypes.VisitSize<Mover, DeviceStep>(inputs[0].DType.Size(), new(session, step, inputs, outputs, default));
            case PrimitiveKind.Scatter or PrimitiveKind.ScatterElements when step.Attributes.Int(specs, 1) == 0:
                return ElementTypes.VisitSize<Scatter, DeviceStep>(inputs[0].DType.Size(), new(session, step, inputs, ScatterMode.Write));
            case PrimitiveKind.Scatter or PrimitiveKind.ScatterElements:
                return ElementTypes.Visit<Scatter, DeviceStep>(inputs[0].DType, new(session, step, inputs, inputs[0].DType == DType.Bool ? ScatterMode.Or : ScatterMode.Add));
            case PrimitiveKind.Convolution: return ConvolutionCompiler.Compile(session, step, buffers) ?? throw TooMany(step, inputs[0]);
            case PrimitiveKind.SelectAndScatter: return ElementTypes.VisitFloat<Computer, DeviceStep>(inputs[0].DType, new(session, step, inputs, outputs));
            default: return ElementTypes.Visit<Computer, DeviceStep>(inputs[0].DType, new(session, step, inputs, outputs));
        }
    }

    private static UnsupportedOperatorException TooMany(PrimitiveStep step, TensorType type) =>
        (UnsupportedOperatorException)new UnsupportedOperatorException($"{step.Primitive.Name} of {type} changes more dimensions than the ILGPU backend takes; merge dimensions, or let a fallback run it").At(step.Primitive.Name, step.CallSite);

    /// <summary>Calls that move elements without looking at them.</summary>
    private readonly record struct Mover(DeviceSession Session, PrimitiveStep Step, TensorType[] Inputs, TensorType[] Outputs, Axis Axis) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            var specs = Step.Primitive.Attributes;
            var isWide = Inputs[1].DType == DType.Int64;
            switch (Step.Primitive.Kind)
            {
                case PrimitiveKind.Pad:
                    var dimensions = PadDimensions.Of(Inputs[0].Shape, Outputs[0].Shape, Step.Attributes.Ints(specs, 0), Step.Attributes.Ints(specs, 2)) ?? throw TooMany(Step, Inputs[0]);
                    return new PadCall<TStored>(Session, Step, dimensions, Outputs[0].Shape.ElementCount);
                case PrimitiveKind.Gather:
                    var indices = Inputs[1].Shape.ElementCount;
                    return isWide ? new GatherCall<TStored, long, PlainStorage<long>>(Session, Step, Axis, indices) : new GatherCall<TStored, int, Int32Index>(Session, Step, Axis, indices);
                default:
                    var count = Inputs[1].Shape[(int)Step.Attributes.Int(specs, 0)];
                    return isWide ? new GatherElementsCall<TStored, long, PlainStorage<long>>(Session, Step, Axis, count) : new GatherElementsCall<TStored, int, Int32Index>(Session, Step, Axis, count);
            }
        }
    }

    private readonly record struct Scatter(DeviceSession Session, PrimitiveStep Step, TensorType[] Inputs, ScatterMode Mode) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            var at = Step.Attributes.Int(Step.Primitive.Attributes, 0);
            var isEach = Step.Primitive.Kind == PrimitiveKind.ScatterElements;
            var (axis, count) = (Axis.Of(Inputs[0].Shape, at), isEach ? Inputs[1].Shape[(int)at] : Inputs[1].Shape.ElementCount);
            return Inputs[1].DType == DType.Int64 ? new ScatterCall<TStored, T, TStorage, long, PlainStorage<long>>(Session, Step, axis, count, isEach, Mode)
                : new ScatterCall<TStored, T, TStorage, int, Int32Index>(Session, Step, axis, count, isEach, Mode);
        }
    }

    /// <summary>Calls that compute with elements.</summary>
    private readonly record struct Computer(DeviceSession Session, PrimitiveStep Step, TensorType[] Inputs, TensorType[] Outputs) : IElementVisitor<DeviceStep>
    {
        public DeviceStep Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>
        {
            var (kind, specs, attributes, shape) = (Step.Primitive.Kind, Step.Primitive.Attributes, Step.Attributes, Inputs[0].Shape);
            switch (kind)
            {
                case PrimitiveKind.Sort: return new SortCall<TStored, T, TStorage>(Session, Step, Axis.Of(shape, attributes.Int(specs, 0)), attributes.Bool(specs, 1));
                case PrimitiveKind.ArgMax or PrimitiveKind.ArgMin: return new ArgReduceCall<TStored, T, TStorage>(Session, Step, Axis.Of(shape, attributes.Int(specs, 0)), kind == PrimitiveKind.ArgMax);
                case PrimitiveKind.CumSum: return Cumulate<TStored, T, TStorage, Folds.Sum<T>>();
                case PrimitiveKind.CumProd: return Cumulate<TStored, T, TStorage, Folds.Product<T>>();
                case PrimitiveKind.CumMax: return Cumulate<TStored, T, TStorage, Folds.Greater<T>>();
                case PrimitiveKind.CumMin: return Cumulate<TStored, T, TStorage, Folds.Lesser<T>>();
                case PrimitiveKind.ReduceWindow:
                    var window = WindowDimensions.Of(new(shape, Outputs[0].Shape, attributes.Ints(specs, 1), attributes.Ints(specs, 2), attributes.Ints(specs, 3))) ?? throw TooMany(Step, Inputs[0]);
                    return attributes.Int(specs, 0) switch
                    {
                        0 => new ReduceWindowCall<TStored, T, TStorage, Folds.Sum<T>>(Session, Step, window, T.Zero),
                        1 => new ReduceWindowCall<TStored, T, TStorage, Folds.Greater<T>>(Session, Step, window, Folds.Least<T>()),
                        _ => new ReduceWindowCall<TStored, T, TStorage, Folds.Lesser<T>>(Session, Step, window, Folds.Greatest<T>()),
                    };
                case PrimitiveKind.SelectAndScatter:
                    return new SelectAndScatterCall<TStored, T, TStorage>(Session, Step,
                        WindowDimensions.Of(new(shape, Inputs[1].Shape, attributes.Ints(specs, 0), attributes.Ints(specs, 1), attributes.Ints(specs, 2))) ?? throw TooMany(Step, Inputs[0]));
                default:
                    throw new UnsupportedOperatorException($"the ILGPU backend has no call for {Step.Primitive.Name}; its kernels must express it").At(Step.Primitive.Name, Step.CallSite);
            }
        }

        private DeviceStep Cumulate<TStored, T, TStorage, TFold>() where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TFold : struct, IFold<T> =>
            new CumulativeCall<TStored, T, TStorage, TFold>(Session, Step, Axis.Of(Inputs[0].Shape, Step.Attributes.Int(Step.Primitive.Attributes, 0)), Step.Attributes.Bool(Step.Primitive.Attributes, 1));
    }
}

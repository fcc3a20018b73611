using LazyHost.IR;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Records an operator on tensors and numbers of one device.</summary>
    /// <param name="form">The operator.</param>
    /// <param name="operands">Its operands; at least one is a tensor.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <returns>The first result.</returns>
    /// <exception cref="LazyHostException">The operands cannot be taken; nothing was recorded.</exception>
    public static Tensor Apply(OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes = default,
        [System.Runtime.CompilerServices.CallerFilePath] string? file = null, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        var device = DeviceOf(form, operands, file, line);
        return Record(device, form, operands, attributes, file, line);
    }

    /// <summary>Records an operator that may have no tensor among its operands.</summary>
    internal static Tensor Record(Device device, OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes, string? file, int line, Span<Tensor> further = default)
    {
        var tape = device.Engine.FlowTape(device);
        Span<Value> values = operands.Length <= 8 ? stackalloc Value[operands.Length] : new Value[operands.Length];
        var beside = TypeBeside(operands);
        Tensor result;
        while (true)
        {
            Prepare(tape, operands);
            lock (tape)
            {
                var mark = tape.Mark();
                if (!tape.TryUse(operands, beside, values)) continue;
                var node = tape.RecordOrUndo(mark, form, values, attributes, NodeFlags.User, file, line);
                result = Handle(tape, node);
                for (var i = 0; i < further.Length; i++) further[i] = Handle(tape, node with { Output = i + 1 });
            }
            break;
        }
        tape.Recorded();
        return result;
    }

    /// <summary>Records an operator whose result shows elements of this tensor, and is written through to it.</summary>
    internal Tensor View(OperatorForm form, Attributes attributes, string? file, int line)
    {
        if (Device.Engine.Options.Frames) SourceFrames.Locate(ref file, ref line);
        var (type, segment, value) = ViewNode(this, form, attributes, file, line);
        var requiresGrad = segment.Recording is { } recording && (recording.Nodes[value.Node].Flags & NodeFlags.RequiresGrad) != 0;
        var view = new TensorView(this, form, attributes, file is null ? null : new(file, line), type, segment, value) { RequiresGrad = requiresGrad };
        lock (segment.Tape)
            if (segment.Recording is { } open) open.Nodes[value.Node].Handle = view;
        return view;
    }

    /// <summary>Records the node of a view; it is no root by itself, and takes nothing from what it is a view of.</summary>
    private protected static (TensorType Type, Segment Segment, Value Value) ViewNode(Tensor parent, OperatorForm form, Attributes attributes, string? file, int line)
    {
        var tape = parent.Device.Engine.FlowTape(parent.Device);
        Span<Value> values = stackalloc Value[1];
        while (true)
        {
            Prepare(tape, [parent]);
            lock (tape)
            {
                var mark = tape.Mark();
                if (!tape.TryUse([parent], parent.DType, values)) continue;
                var node = tape.RecordOrUndo(mark, form, values, attributes, NodeFlags.View, file, line);
                var open = tape.Current;
                return (open.TypeOf(node), open, node);
            }
        }
    }

    /// <summary>Records what a function emits on operands, as the user's own result.</summary>
    private protected static Tensor RecordWith(Device device, Operand[] operands, CallSite? site, Func<TapeBuilder, Value[], Value> emit)
    {
        var tape = device.Engine.FlowTape(device);
        var values = new Value[operands.Length];
        while (true)
        {
            Prepare(tape, operands);
            lock (tape)
            {
                var mark = tape.Mark();
                if (!tape.TryUse(operands, TypeBeside(operands), values)) continue;
                Value result;
                try { result = emit(new TapeBuilder(tape) { Site = site }, values); }
                catch
                {
                    tape.Undo(mark);
                    throw;
                }
                // An operand handed back as it is keeps its own handle.
                if (Array.IndexOf(values, result) is >= 0 and var operand) return operands[operand].Tensor!;
                var nodes = tape.Current.Recording!.Nodes;
                foreach (var value in values) nodes[value.Node].Flags |= NodeFlags.Consumed;
                nodes[result.Node].Flags |= NodeFlags.User;
                return Handle(tape, result);
            }
        }
    }

    /// <summary>Writes a value in place: the tensor stands for it from now on, and so do views of it; of a view, the elements it shows. The shape must broadcast to
    /// this one; the element type stays. Nothing is copied: <c>a.Assign(b + c)</c> computes the sum into <c>a</c>.</summary>
    /// <param name="source">The new value.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeMismatchException">The value does not fit.</exception>
    /// <exception cref="InvalidAttributeException">This is a view several of whose elements are one element of what it shows, such as a broadcast one.</exception>
    public Tensor Assign(Tensor source, [System.Runtime.CompilerServices.CallerFilePath] string? file = null, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Device != Device) throw new UnknownDeviceException($"a tensor on {source.Device.Id} cannot be assigned to one on {Device.Id}; move it with To(device)");
        if (source.DType != DType) source = source.To(DType, file, line);
        if (!source.Shape.Equals(Shape)) source = source.BroadcastTo(Shape, file, line);
        if (this is TensorView view) view.WriteThrough(source, file, line);
        else Write(source, file, line);
        return this;
    }

    private void Write(Tensor value, string? file, int line)
    {
        var engine = Device.Engine;
        var tape = engine.FlowTape(Device);
        if (!IsPendingIn(tape.Open!)) engine.Executor.Resolve(this, CancellationToken.None);
        Span<Value> values = stackalloc Value[1];
        while (true)
        {
            Prepare(tape, [value]);
            lock (tape)
            {
                if (!tape.TryUse([value], DType, values)) continue;
                tape.Write(this, values[0], file, line);
            }
            break;
        }
        tape.Recorded();
    }

    /// <summary>Takes the result of a recorded node; the caller holds the tape.</summary>
    private static Tensor Handle(Tape tape, Value node)
    {
        var segment = tape.Current;
        ref var recorded = ref segment.Recording!.Nodes[node.Node];
        var result = new Tensor(node.Output == 0 ? recorded.Type : segment.TypeOf(node), segment, node);
        if ((recorded.Flags & NodeFlags.RequiresGrad) != 0) result.RequiresGrad = true;
        if (node.Output == 0) recorded.Handle = result;
        return result;
    }

    /// <summary>Makes views fresh, and computes values of other flows and of closed segments, before the tape is taken: so two flows never wait for each other.</summary>
    private static void Prepare(Tape tape, ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
        {
            if (operand.Tensor is not { } tensor) continue;
            if (tensor is TensorView view) view.Freshen();
            var from = tensor.source;
            if (from == tape.Open) continue;
            (DataOf(from) ?? tape.Device.Engine.Executor.Resolve(tensor, CancellationToken.None)).RequirePresent();
        }
    }

    private static Device DeviceOf(OperatorForm form, ReadOnlySpan<Operand> operands, string? file, int line)
    {
        Device? device = null;
        foreach (var operand in operands)
        {
            if (operand.Tensor is not { } tensor) continue;
            if (device is not null && device != tensor.Device)
                throw new UnknownDeviceException($"operands lie on {device.Id} and {tensor.Device.Id}; move one with To(device)").At(form.Name, SourceFrames.Site(file, line));
            device = tensor.Device;
        }
        return device ?? throw new UnknownDeviceException("no operand is a tensor, so no device is known").At(form.Name, SourceFrames.Site(file, line));
    }

    private static DType TypeBeside(ReadOnlySpan<Operand> operands)
    {
        DType? type = null;
        foreach (var operand in operands)
            if (operand.Tensor is { } tensor) type = type is { } other ? DTypes.Promote(other, tensor.DType) : tensor.DType;
        return type ?? DType.Float32;
    }
}

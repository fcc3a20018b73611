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
        foreach (var operand in operands)
            if (operand.Tensor is { } tensor) return Record(tensor.Device, form, operands, attributes, file, line);
        throw new UnknownDeviceException("no operand is a tensor, so no device is known").At(form.Name, SourceFrames.Site(file, line));
    }

    /// <summary>Records an operator that may have no tensor among its operands.</summary>
    internal static Tensor Record(Device device, OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes, string? file, int line, Span<Tensor> further = default)
    {
        var tape = device.Engine.FlowTape(device);
        Tensor result;
        while (true)
        {
            lock (tape)
            {
                if (tape.TryRecord(form, operands, attributes, NodeFlags.User, file, line, out var node))
                {
                    result = Handle(tape, node);
                    for (var i = 0; i < further.Length; i++) further[i] = Handle(tape, node with { Output = i + 1 });
                    break;
                }
            }
            Prepare(tape, form, operands, file, line);
        }
        tape.Recorded();
        return result;
    }

    /// <summary>Records an operator whose result shows elements of this tensor, and is written through to it.</summary>
    internal Tensor View(OperatorForm form, Attributes attributes, string? file, int line)
    {
        if (Device.Engine.Options.Frames) SourceFrames.Locate(ref file, ref line);
        var (type, segment, value, requiresGrad) = ViewNode(this, form, attributes, file, line);
        var view = new TensorView(this, form, attributes, file is null ? null : new(file, line), type, segment, value) { RequiresGrad = requiresGrad };
        lock (segment.Tape)
            if (segment.Recording is { } open)
            {
                open.Nodes[value.Node].Handle = view;
                open.Capture?.Made(view);
            }
        return view;
    }

    /// <summary>Records the node of a view; it is no root by itself, and takes nothing from what it is a view of.</summary>
    private protected static (TensorType Type, Segment Segment, Value Value, bool RequiresGrad) ViewNode(Tensor parent, OperatorForm form, Attributes attributes, string? file, int line)
    {
        var tape = parent.Device.Engine.FlowTape(parent.Device);
        while (true)
        {
            lock (tape)
            {
                if (tape.TryRecord(form, [parent], attributes, NodeFlags.View, file, line, out var node))
                {
                    var open = tape.Current;
                    return (open.TypeOf(node), open, node, (open.Recording!.Nodes[node.Node].Flags & NodeFlags.RequiresGrad) != 0);
                }
            }
            Prepare(tape, form, [parent], file, line);
        }
    }

    /// <summary>Records what a function emits on operands, as the user's own result.</summary>
    private protected static Tensor RecordWith(Device device, Operand[] operands, CallSite? site, Func<TapeBuilder, Value[], Value> emit)
    {
        var tape = device.Engine.FlowTape(device);
        var values = new Value[operands.Length];
        while (true)
        {
            lock (tape)
            {
                var mark = tape.Mark();
                try
                {
                    if (tape.TryUse(operands, values))
                    {
                        var result = emit(new TapeBuilder(tape) { Site = site }, values);
                        // An operand handed back as it is keeps its own handle.
                        if (Array.IndexOf(values, result) is >= 0 and var operand) return operands[operand].Tensor!;
                        var nodes = tape.Current.Recording!.Nodes;
                        foreach (var value in values) tape.Current.Recording!.Consume(value);
                        nodes[result.Node].Flags |= NodeFlags.User;
                        return Handle(tape, result);
                    }
                    tape.Undo(mark);
                }
                catch
                {
                    tape.Undo(mark);
                    throw;
                }
            }
            Prepare(tape, Operators.Detach.Form, operands, site?.File, site?.Line ?? 0);
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
        if (source.Device != Device) throw new UnknownDeviceException($"a tensor on {source.Device.Id} cannot be assigned to one on {Device.Id}; move it with To(device)").At(null, SourceFrames.Site(file, line));
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
        if (!IsPendingIn(tape.Current)) tape.Flow.Capture?.RequireMayChange($"assigns to {Type}, which is not its own", file, line);
        Span<Value> values = stackalloc Value[1];
        while (true)
        {
            lock (tape)
            {
                // What it was is of this segment, or has a value to go back to: also when another flow is closing it just now.
                if ((IsPendingIn(tape.Current) || DataOf(source) is not null) && tape.TryUse([value], values))
                {
                    tape.Write(this, values[0], file, line);
                    break;
                }
            }
            if (!IsPendingIn(tape.Open!)) engine.Executor.Resolve(this, CancellationToken.None);
            Prepare(tape, Operators.Detach.Form, [value], file, line);
        }
        tape.Recorded();
    }

    /// <summary>Takes the result of a recorded node; the caller holds the tape.</summary>
    internal static Tensor Handle(Tape tape, Value node)
    {
        var segment = tape.Current;
        ref var recorded = ref segment.Recording!.Nodes[node.Node];
        var result = new Tensor(node.Output == 0 ? recorded.Type : segment.TypeOf(node), segment, node);
        if ((recorded.Flags & NodeFlags.RequiresGrad) != 0) result.RequiresGrad = true;
        if (node.Output == 0) recorded.Handle = result;
        return result;
    }

    /// <summary>Where the tape could not take the operands as they are: makes views fresh, and computes values of other flows and of closed segments, without
    /// holding the tape, so that two flows never wait for each other.</summary>
    internal static void Prepare(Tape tape, OperatorForm form, ReadOnlySpan<Operand> operands, string? file, int line)
    {
        foreach (var operand in operands)
        {
            if (operand.Tensor is not { } tensor) continue;
            if (tensor.Device != tape.Device)
                throw new UnknownDeviceException($"operands lie on {tape.Device.Id} and {tensor.Device.Id}; move one with To(device)").At(form.Name, SourceFrames.Site(file, line));
            try
            {
                if (tensor is TensorView view)
                {
                    if (tape.Flow.Capture is { } capture && tensor.source != tape.Open) view.RecordIn(capture, tape);
                    else view.Freshen();
                }
                var from = tensor.source;
                if (from != tape.Open && tape.Flow.Capture is null) (DataOf(from) ?? tape.Device.Engine.Executor.Resolve(tensor, CancellationToken.None)).RequirePresent();
            }
            catch (ExpiredValueException e)
            {
                e.At(form.Name, SourceFrames.Site(file, line, tape.Flow.Scope?.Path));
                throw;
            }
        }
    }

    /// <summary>Brings the tensor into the open segment. False where it has to be prepared first.</summary>
    internal bool TryUse(Segment open, out Value value)
    {
        value = PendingValue;
        if (IsDynamic) open.Recording!.AnySize = true;
        if (this is TensorView { IsStale: true } stale && open.Recording!.Capture?.Takes(stale) != true) return false;
        var from = Volatile.Read(ref source);
        if (from == open) return true;
        if (open.Recording!.Capture is { } capture && from.Device == open.Device)
        {
            // A view from outside is made again from what it shows, so that it follows that.
            if (this is TensorView outside && !capture.Takes(outside)) return false;
            value = capture.Reached(open.Recording, this);
            return true;
        }
        if (from.Device != open.Device || DataOf(from) is not { } data) return false;
        value = new(Input(open.Recording!, data));
        return true;
    }

    private int Input(Recording recording, DeviceData data)
    {
        while (true)
        {
            try { return recording.Input(data, Origin); }
            catch (ExpiredValueException) when (Settled(data) != data)
            {
                data = Settled(data);
            }
        }
    }
}

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
    internal static Tensor Record(Device device, OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes, string? file, int line)
    {
        var engine = device.Engine;
        var tape = engine.FlowTape(device);
        Span<Value> values = operands.Length <= 8 ? stackalloc Value[operands.Length] : new Value[operands.Length];
        var beside = TypeBeside(operands);
        Tensor result;
        var count = 0;
        while (true)
        {
            // Values of other flows and of closed segments are computed before this tape is taken, so that two flows never wait for each other.
            foreach (var operand in operands)
                if (operand.Tensor is { } tensor && !tensor.IsPendingIn(tape.Open!)) engine.Executor.Resolve(tensor, CancellationToken.None).RequirePresent();
            lock (tape.Gate)
            {
                if (!tape.TryUse(operands, beside, values)) continue;
                var node = tape.Record(form, values, attributes, NodeFlags.User, file, line);
                var segment = tape.Current;
                ref var recorded = ref segment.Recording!.Nodes[node.Node];
                result = new(device, recorded.Type, segment, node) { RequiresGrad = (recorded.Flags & NodeFlags.RequiresGrad) != 0 };
                recorded.Handle = result;
                count = segment.Recording.Count;
            }
            break;
        }
        if (count >= engine.Options.SegmentNodeLimit) engine.Executor.CloseAtLimit(tape);
        return result;
    }

    /// <summary>Further results of an operator with several.</summary>
    internal Tensor Output(int output)
    {
        var (_, at, node) = Where();
        if (at is null) throw new StepException("the further results of an operator must be taken before its segment ends");
        return new(Device, at.TypeOf(node with { Output = output }), at, node with { Output = output }) { RequiresGrad = RequiresGrad };
    }

    /// <summary>Writes a value in place: the tensor stands for it from now on. Shapes must broadcast to this one; the element type stays.</summary>
    /// <param name="source">The new value.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="ShapeMismatchException">The value does not fit.</exception>
    public Tensor Assign(Tensor source, [System.Runtime.CompilerServices.CallerFilePath] string? file = null, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Device != Device) throw new UnknownDeviceException($"a tensor on {source.Device.Id} cannot be assigned to one on {Device.Id}; move it with ToAsync(device)");
        if (source.DType != DType) source = source.To(DType, file, line);
        if (!source.Shape.Equals(Shape)) source = source.BroadcastTo(Shape, file, line);
        var engine = Device.Engine;
        var tape = engine.FlowTape(Device);
        if (!IsPendingIn(tape.Open!)) engine.Executor.Resolve(this, CancellationToken.None);
        Span<Value> values = stackalloc Value[1];
        while (true)
        {
            if (!source.IsPendingIn(tape.Open!)) engine.Executor.Resolve(source, CancellationToken.None).RequirePresent();
            lock (tape.Gate)
            {
                if (!tape.TryUse([source], DType, values)) continue;
                var open = tape.Current;
                var recording = open.Recording!;
                if (this is Parameter parameter)
                {
                    // A node of its own, so that gradients of what is computed from the new value end here.
                    values[0] = tape.Record(Operators.Reshape.Form, values, Operators.Reshape.Encode(Shape.Sizes), NodeFlags.Consumed, file, line);
                    recording.Nodes[values[0].Node].Flags |= NodeFlags.RequiresGrad;
                    recording.Leaves.Add(values[0].Node, parameter);
                }
                ref var node = ref recording.Nodes[values[0].Node];
                var old = Redirect(open, values[0]);
                if (old is not null)
                {
                    node.Flags |= NodeFlags.Consumed;
                    recording.Variables.Add(new(this, old));
                }
                else node.Handle = this;
                if (this is not Parameter) RequiresGrad = (node.Flags & NodeFlags.RequiresGrad) != 0;
                return this;
            }
        }
    }

    private static Device DeviceOf(OperatorForm form, ReadOnlySpan<Operand> operands, string? file, int line)
    {
        Device? device = null;
        foreach (var operand in operands)
        {
            if (operand.Tensor is not { } tensor) continue;
            if (device is not null && device != tensor.Device)
                throw new UnknownDeviceException($"operands lie on {device.Id} and {tensor.Device.Id}; move one with ToAsync(device)").At(form.Name, file is null ? null : new(file, line));
            device = tensor.Device;
        }
        return device ?? throw new UnknownDeviceException("no operand is a tensor, so no device is known").At(form.Name, file is null ? null : new(file, line));
    }

    private static DType TypeBeside(ReadOnlySpan<Operand> operands)
    {
        DType? type = null;
        foreach (var operand in operands)
            if (operand.Tensor is { } tensor) type = type is { } other ? DTypes.Promote(other, tensor.DType) : tensor.DType;
        return type ?? DType.Float32;
    }
}

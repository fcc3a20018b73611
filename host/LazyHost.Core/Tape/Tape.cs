using LazyHost.IR;

namespace LazyHost;

/// <summary>The tape of one flow on one device: the open segment, and recording into it.</summary>
internal sealed class Tape(Device device)
{
    public Device Device { get; } = device;

    /// <summary>Held while a node is recorded and while a segment is taken off.</summary>
    public object Gate { get; } = new();

    public Segment? Open { get; set; }

    /// <summary>The segment that some thread is closing, or null.</summary>
    public volatile Segment? Closing;

    /// <summary>The step scope that owns what is recorded, or null.</summary>
    public StepScope? Scope { get; set; }

    /// <summary>The segment that takes the next node.</summary>
    public Segment Current => Open ??= new(Device, Device.Context.RentRecording(this), Device.Engine.NextSequence(), Scope, this);

    /// <summary>Brings operands into the open segment. False where one was closed away meanwhile: the caller resolves it and tries again.</summary>
    public bool TryUse(ReadOnlySpan<Operand> operands, DType beside, Span<Value> values)
    {
        var current = Current;
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].Tensor is not { } tensor)
            {
                var type = operands[i].TypeBeside(beside);
                values[i] = new(current.Recording!.AddScalar(type, operands[i].Bits(type)));
                continue;
            }
            var (data, segment, value) = tensor.Where();
            if (data is not null) values[i] = new(current.Recording!.Input(data, tensor));
            else if (segment == current) values[i] = value;
            else return false;
        }
        return true;
    }

    /// <summary>Records one operation on values of the open segment.</summary>
    /// <exception cref="LazyHostException">The operator cannot take the operands; nothing was recorded.</exception>
    public Value Record(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, NodeFlags flags, string? file, int line)
    {
        var recording = Current.Recording!;
        var (least, most) = form.OperandCount;
        if (operands.Length < least || operands.Length > most)
            throw new InvalidAttributeException($"takes {least} to {most} operands but was given {operands.Length}").At(form.Name, file is null ? null : new(file, line));
        var types = new TensorTypes();
        Span<TensorType> operandTypes = operands.Length <= 4 ? types[..operands.Length] : new TensorType[operands.Length];
        var requiresGrad = NodeFlags.None;
        for (var i = 0; i < operands.Length; i++)
        {
            operandTypes[i] = recording.TypeOf(operands[i]);
            requiresGrad |= recording.Nodes[operands[i].Node].Flags & NodeFlags.RequiresGrad;
        }
        var outputs = new TensorTypes();
        Span<TensorType> outputTypes = outputs[..form.OutputCount];
        try { form.Infer(new InferenceContext(form, operandTypes, attributes), outputTypes); }
        catch (LazyHostException e)
        {
            e.At(form.Name, file is null ? null : new(file, line));
            throw;
        }
        if (requiresGrad != 0 && form.IsDifferentiable && outputTypes[0].DType.IsFloat() && GradMode.IsEnabled) flags |= NodeFlags.RequiresGrad;
        if ((flags & NodeFlags.User) != 0)
            foreach (var operand in operands) recording.Nodes[operand.Node].Flags |= NodeFlags.Consumed;
        ref var node = ref recording.Add(form, operands, attributes, outputTypes[0]);
        node.Flags |= flags;
        node.File = file;
        node.Line = line;
        var result = new Value(recording.Count - 1);
        for (var i = 1; i < outputTypes.Length; i++) recording.ExtraOutputs[new(result.Node, i)] = outputTypes[i];
        return result;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct TensorTypes
    {
        private TensorType first;
    }
}

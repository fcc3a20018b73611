using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// The tape of one flow on one device: the open segment, and recording into it. Its lock is held while a node is recorded and while a segment is taken off.
/// </summary>
internal sealed class Tape(Device device, Flow flow)
{
    private readonly int nodeLimit = device.Engine.Options.SegmentNodeLimit;
    private readonly bool frames = device.Engine.Options.Frames;
    private Step? step;

    public Device Device { get; } = device;

    public Flow Flow { get; } = flow;

    public Segment? Open { get; set; }

    /// <summary>The segment that some thread is closing, or null.</summary>
    public volatile Segment? Closing;

    /// <summary>Why writes of this flow were undone while another one closed its segment, or null.</summary>
    public LazyHostException? Untold { get; set; }

    /// <summary>The step scope that owns what is recorded, or null.</summary>
    public StepScope? Scope { get; set; }

    /// <summary>What the step of this flow has written, or null before its first run.</summary>
    public Step? Step
    {
        get => Volatile.Read(ref step);
        set => Volatile.Write(ref step, value);
    }

    /// <summary>What to do once the step has ended.</summary>
    public List<Action>? Closures { get; set; }

    /// <summary>The segment that takes the next node.</summary>
    public Segment Current => Open ?? Begin();

    /// <summary>The step that a closing segment belongs to. Outside a scope, one that has failed takes nothing more.</summary>
    public Step CurrentStep
    {
        get
        {
            if (Scope is { } scope) return scope.Step;
            while (true)
            {
                var now = Volatile.Read(ref step);
                if (now is { Failed: false, Ended: false }) return now;
                // Another flow may be closing a segment of this one meanwhile.
                var next = new Step(Device);
                if (Interlocked.CompareExchange(ref step, next, now) == now) return next;
            }
        }
    }

    /// <summary>How far the open segment has come.</summary>
    public RecordingMark Mark() => Open?.Recording!.Mark() ?? default;

    /// <summary>Takes off what was recorded since, in the same segment.</summary>
    public void Undo(RecordingMark mark) => Current.Recording!.Undo(mark);

    /// <summary>Brings operands into the open segment. False where one has to be prepared first; the caller takes off those before it.</summary>
    public bool TryUse(ReadOnlySpan<Operand> operands, Span<Value> values)
    {
        var current = Current;
        var recording = current.Recording!;
        DType? beside = null;
        for (var i = 0; i < operands.Length; i++)
        {
            ref readonly var operand = ref operands[i];
            if (operand.Tensor is not { } tensor)
            {
                var type = operand.TypeBeside(beside ??= TypeBeside(operands));
                values[i] = new(recording.AddNumber(operand, type));
            }
            else if (!tensor.TryUse(current, out values[i])) return false;
        }
        return true;
    }

    /// <summary>Records one operation. False where an operand has to be prepared first; then nothing has changed.</summary>
    /// <exception cref="LazyHostException">The operator cannot take the operands; nothing was recorded.</exception>
    public bool TryRecord(OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes, NodeFlags flags, string? file, int line, out Value result)
    {
        var recording = Current.Recording!;
        var mark = recording.Mark();
        var count = operands.Length;
        Unsafe.SkipInit(out Values few);
        Span<Value> values = count <= 4 ? few[..count] : new Value[count];
        try
        {
            if (TryUse(operands, values))
            {
                result = Record(form, values, attributes, flags, file, line);
                return true;
            }
        }
        catch (Exception e)
        {
            recording.Undo(mark);
            if (e is ExpiredValueException expired) expired.At(form.Name, SourceFrames.Site(file, line, Flow.Scope?.Path));
            throw;
        }
        recording.Undo(mark);
        result = default;
        return false;
    }

    /// <summary>Records one operation on values of the open segment.</summary>
    /// <exception cref="LazyHostException">The operator cannot take the operands; nothing was recorded.</exception>
    public Value Record(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes, NodeFlags flags, string? file, int line)
    {
        var recording = Current.Recording!;
        var types = new TensorTypes();
        Span<TensorType> operandTypes = operands.Length <= 4 ? types[..operands.Length] : new TensorType[operands.Length];
        var nodes = recording.Nodes;
        var requiresGrad = NodeFlags.None;
        for (var i = 0; i < operands.Length; i++)
        {
            ref var operand = ref nodes[operands[i].Node];
            operandTypes[i] = operands[i].Output == 0 ? operand.Type : recording.TypeOf(operands[i]);
            requiresGrad |= operand.Flags & NodeFlags.RequiresGrad;
        }
        var outputs = new TensorTypes();
        Span<TensorType> outputTypes = form.OutputCount <= 4 ? outputs[..form.OutputCount] : new TensorType[form.OutputCount];
        try
        {
            var (least, most) = form.OperandCount;
            if (operands.Length < least || operands.Length > most) throw new InvalidAttributeException($"takes {least} to {most} operands but was given {operands.Length}");
            form.Infer(new InferenceContext(form, operandTypes, attributes), outputTypes);
        }
        catch (LazyHostException e)
        {
            e.At(form.Name, SourceFrames.Site(file, line, Flow.Scope?.Path));
            throw;
        }
        if (requiresGrad != 0 && form.IsDifferentiable && outputTypes[0].DType.IsFloat() && GradMode.IsEnabled) flags |= NodeFlags.RequiresGrad;
        if ((flags & NodeFlags.User) != 0)
            foreach (var operand in operands) recording.Consume(operand);
        if (frames) SourceFrames.Locate(ref file, ref line);
        if (Flow.Scope != recording.Scope) recording.Enter(Flow.Scope);
        ref var node = ref recording.Add(form, operands, attributes, outputTypes[0]);
        node.Flags = flags;
        node.File = file;
        node.Line = line;
        var result = new Value(recording.Count - 1);
        for (var i = 1; i < outputTypes.Length; i++) recording.ExtraOutputs[new(result.Node, i)] = outputTypes[i];
        return result;
    }

    /// <summary>Makes a tensor stand for a value of the open segment. One that had a value becomes a variable of the segment.</summary>
    public void Write(Tensor target, Value value, string? file, int line)
    {
        var open = Current;
        var recording = open.Recording!;
        var source = value;
        if (target is Parameter parameter)
        {
            // A node of its own, so that gradients of what is computed from the new value end here.
            value = Record(Operators.Detach.Form, [value], default, NodeFlags.None, file, line);
            recording.Nodes[value.Node].Flags |= NodeFlags.RequiresGrad;
            recording.Leaves.Add(value.Node, parameter);
        }
        else if ((recording.Nodes[value.Node].Flags & NodeFlags.RequiresGrad) != 0 && !GradMode.IsEnabled)
            value = Record(Operators.Detach.Form, [value], default, NodeFlags.None, file, line);
        // Taken by the assignment like any other: it needs no value of its own beside the variable's.
        if (source != value) recording.Nodes[source.Node].Flags |= NodeFlags.Consumed;
        if (target.IsPendingIn(open))
        {
            // Nobody can see the old value any more, unless another handle stands for it too.
            ref var before = ref recording.Nodes[target.PendingValue.Node];
            if (before.Handle == target && target.PendingValue != value) before.Flags |= NodeFlags.Consumed;
            // A node of its own, which no other use of the input consumes.
            if (recording.Nodes[value.Node].Form == InputForms.Parameter)
                value = Record(Operators.Reshape.Form, [value], Operators.Reshape.Encode(target.Shape.Sizes), NodeFlags.None, file, line);
        }
        ref var node = ref recording.Nodes[value.Node];
        var old = target.Redirect(open, value);
        if (old is Segment)
        {
            if ((node.Flags & NodeFlags.Asked) != 0 && node.Handle != target) node.Flags |= NodeFlags.Several;
            node.Handle = target;
            node.Flags |= NodeFlags.User;
        }
        else
        {
            node.Flags |= NodeFlags.Consumed;
            recording.Variables.Add(new(target, old));
        }
        target.Written((node.Flags & NodeFlags.RequiresGrad) != 0);
    }

    /// <summary>The seed and ordinal of one random operation, which is about to be recorded.</summary>
    public (Operand Seed, Operand Ordinal) Draw(Generator? generator)
    {
        if (Flow.Capture is { } capture) return capture.Draw(generator);
        if (generator is null && Scope is { } scope) scope.Draws++;
        var (seed, ordinal) = generator?.Next(this) ?? Device.Context.NextRandom();
        return (Operand.Typed(DType.UInt64, (long)seed), Operand.Typed(DType.UInt64, (long)ordinal));
    }

    /// <summary>Remembers what the host changes with what is recorded now.</summary>
    public void Changed(IUndone owner, int epoch, ulong from, ulong to)
    {
        lock (this) Current.Recording!.Changes.Add(owner, epoch, from, to);
    }

    /// <summary>At the end of a step: throws, once, why its writes were undone.</summary>
    public void ThrowUntold()
    {
        if (Untold is not { } error) return;
        Untold = null;
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>After something was recorded, without the lock: closes the segment where it has grown to the limit or where operators run at once.</summary>
    public void Recorded()
    {
        if (Open?.Recording is not { } recording) return;
        if (recording.Count >= nodeLimit) Device.Engine.Executor.CloseAtLimit(this);
        else if (!Flow.InRegion && (Flow.Mode ?? Device.DefaultMode) == ExecutionMode.Eager) Device.Engine.Executor.Close(this, CloseReason.Eager, CancellationToken.None);
    }

    private Segment Begin() => Open = new(Device, Device.Context.RentRecording(this), Device.Engine.NextSequence(), Scope, this);

    public static DType TypeBeside(ReadOnlySpan<Operand> operands)
    {
        DType? type = null;
        foreach (var operand in operands)
            if (operand.Tensor is { } tensor) type = type is { } other ? DTypes.Promote(other, tensor.DType) : tensor.DType;
        return type ?? DType.Float32;
    }

    [InlineArray(4)]
    private struct TensorTypes
    {
        private TensorType first;
    }

    [InlineArray(4)]
    private struct Values
    {
        private Value first;
    }
}

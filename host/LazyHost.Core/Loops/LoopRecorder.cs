using LazyHost.IR;

namespace LazyHost;

/// <summary>Records a loop: its body once, in a flow of its own, and one node in the caller's segment.</summary>
internal sealed class LoopRecorder
{
    private readonly Tensor[] carried;
    private readonly CallSite site;
    private readonly Device device;

    public LoopRecorder(Tensor[] carried, CallSite site)
    {
        foreach (var tensor in carried) ArgumentNullException.ThrowIfNull(tensor, nameof(carried));
        if (carried.Length == 0) throw new InvalidAttributeException("a loop that carries nothing from turn to turn computes nothing; give it a tensor").At("loop", site);
        if (carried.Length > Tensor.MostResults) throw new InvalidAttributeException($"a loop carries {Tensor.MostResults} tensors at most, but was given {carried.Length}; put some together").At("loop", site);
        (this.carried, this.site, device) = (carried, site, carried[0].Device);
        if (Array.Find(carried, t => t.Device != device) is { } other) throw new UnknownDeviceException($"a loop carries tensors on {device.Id} and {other.Device.Id}; move one with To(device)").At("loop", site);
    }

    public Tensor[] For(Operand count, Func<Tensor, Tensor[], Tensor[]> body)
    {
        var turn = Record((index, values) => Checked(body(index!, values)), hasIndex: true);
        if (!NeedsGradient(turn)) return Apply([count.Tensor is null ? count.As(DType.Int64) : count], turn, null);
        if (count.Tensor is not null || count.Live is not null)
            throw new GradientException("gradients through a loop whose number of turns is known only when it runs; give it as a number, or run it in GradMode.NoGrad()").At("loop", site);
        var now = carried;
        for (long i = 0; i < count.Bits(DType.Int64); i++) now = Checked(body(Tensor.Scalar(i, device), now));
        return now;
    }

    public Tensor[] While(Func<Tensor[], Tensor> condition, Func<Tensor[], Tensor[]> body)
    {
        var test = Record((_, values) => [CheckedCondition(condition(values))], hasIndex: false);
        var turn = Record((_, values) => Checked(body(values)), hasIndex: false);
        if (NeedsGradient(turn) || NeedsGradient(test)) throw new GradientException("gradients do not flow through Loop.While; run it in GradMode.NoGrad(), or use Loop.For with a number of turns").At("loop", site);
        return Apply([], turn, test);
    }

    private bool NeedsGradient(LoopBody body) => GradMode.IsEnabled && (Array.Exists(carried, t => t.RequiresGrad) || Array.Exists(body.Used, t => t.RequiresGrad));

    private Tensor[] Apply(Operand[] count, LoopBody body, LoopBody? condition)
    {
        var form = device.Engine.Loops.Get(body, condition, carried.Length);
        Operand[] operands = [.. count, .. Operands(carried), .. Operands(body.Used), .. Operands(condition?.Used ?? []), .. body.Numbers, .. condition?.Numbers ?? []];
        var further = new Tensor[carried.Length - 1];
        var first = Tensor.Record(device, form, operands, default, site.File, site.Line, further);
        return [first, .. further];
    }

    private static IEnumerable<Operand> Operands(Tensor[] tensors) => tensors.Select(static t => (Operand)t);

    private LoopBody Record(Func<Tensor?, Tensor[], Tensor[]> body, bool hasIndex)
    {
        var capture = new Capture { IsLoop = true };
        using var noGrad = GradMode.NoGrad();
        return capture.Record(device, "loop", site, (tape, segment) => Record(tape, segment, capture, body, hasIndex));
    }

    private LoopBody Record(Tape tape, Segment segment, Capture capture, Func<Tensor?, Tensor[], Tensor[]> body, bool hasIndex)
    {
        var recording = segment.Recording!;
        var index = hasIndex ? new Tensor(new(DType.Int64, Shape.Scalar), segment, new(recording.AddScalar(DType.Int64, 0))) : null;
        var values = Array.ConvertAll(carried, t => new Tensor(t.Type, segment, capture.Argument(recording, device, t.Type)));
        var results = body(index, values);
        foreach (var other in device.Engine.Devices)
            if (other != device && tape.Flow.Current(other)?.Open is not null)
            {
                LazyGraphExecutor.Discard(tape.Flow.On(other));
                throw new CaptureException($"the body of a loop on {device.Id} computes on {other.Id}; compute that before the loop");
            }
        if (tape.Open != segment || recording.Variables.Count > 0)
            throw new CaptureException("the body of a loop assigns to a tensor from outside, which would happen once; carry the tensor from turn to turn");
        var roots = Array.ConvertAll(results, r => (r.IsPendingIn(segment) && IsComputed(recording, r) ? r : r.Clone(site.File, site.Line)).PendingValue);
        recording.Roots.Clear();
        // A value that is carried on in two places is two outputs.
        for (var i = 0; i < roots.Length; i++) recording.Roots.Add(recording.Roots.Contains(roots[i]) ? results[i].Clone(site.File, site.Line).PendingValue : roots[i]);
        var numbers = new Operand[recording.Scalars.Count - (hasIndex ? 1 : 0)];
        for (var i = 0; i < recording.Count; i++)
            if (recording.Nodes[i].Form == InputForms.Scalar && (recording.Nodes[i].Slot - (hasIndex ? 1 : 0)) is >= 0 and var slot)
                numbers[slot] = Operand.Typed(recording.Nodes[i].DType, recording.Scalars[recording.Nodes[i].Slot], capture.Numbers.Find(n => n.Slot == recording.Nodes[i].Slot).Number);
        long[] key = [.. recording.Encoding.AsSpan(0, recording.EncodingLength), .. recording.Roots.Select(r => (uint)r.Node | ((long)r.Output << 32))];
        return new(SegmentGraph.Build(recording, recording.Roots), key, [.. capture.Inputs.OfType<Tensor>()], numbers);
    }

    private static bool IsComputed(Recording recording, Tensor tensor) =>
        recording.Nodes[tensor.PendingValue.Node].Form is var form && form != InputForms.Parameter && form != InputForms.Scalar;

    private Tensor[] Checked(Tensor[] results)
    {
        if (results is null || results.Length != carried.Length) throw new ShapeMismatchException($"a loop carries {carried.Length} tensors, but its body gave {results?.Length ?? 0}").At("loop", site);
        for (var i = 0; i < results.Length; i++)
            if (results[i] is { } result && result.Device != device) throw new UnknownDeviceException($"a loop carries tensors on {device.Id}, but its body gave one on {result.Device.Id}; move it with To(device)").At("loop", site);
            else if (results[i] is null || results[i].Type != carried[i].Type) throw new ShapeMismatchException($"a loop carries {carried[i].Type} in place {i}, but its body gave {results[i]?.Type.ToString() ?? "null"}").At("loop", site);
        return results;
    }

    private Tensor CheckedCondition(Tensor result)
    {
        if (result is null || result.Shape.ElementCount != 1) throw new ShapeMismatchException($"the condition of a loop gave {result?.Type.ToString() ?? "null"}; it must give one element").At("loop", site);
        return result.DType == DType.Bool ? result : throw new DTypeMismatchException($"the condition of a loop gave {result.Type}; it must give a bool").At("loop", site);
    }
}

using LazyHost.IR;

namespace LazyHost;

internal sealed partial class LazyGraphExecutor
{
    public void MarkStep(Device device, CancellationToken cancellationToken)
    {
        var tape = engine.CurrentTape(device);
        if (tape?.Scope is not null) throw new StepException("MarkStep inside a step scope: the scope ends its step itself, with CompleteAsync");
        if (tape is not null) Close(tape, cancellationToken);
        device.Context.AdvanceStep();
        engine.Metrics.MarkStep.Add(1);
        engine.ReleaseFlow();
    }

    public void SyncLiveTensors(Device device, CancellationToken cancellationToken)
    {
        foreach (var tape in engine.Contexts.OpenTapes(device.Id)) Close(tape, cancellationToken);
        engine.ReleaseFlow();
    }

    public StepScope BeginStep(Device device, CancellationToken cancellationToken)
    {
        var tape = engine.FlowTape(device);
        if (tape.Scope is not null) throw new StepException("BeginStep inside a step scope of the same device: steps do not nest. Work that runs beside the one that began it needs a flow of its own: using (device.Fork())");
        Close(tape, cancellationToken);
        return tape.Scope = new StepScope(device, tape);
    }

    /// <summary>Throws away what a tape has recorded: variables have the values they had before.</summary>
    public static void Discard(Tape tape)
    {
        lock (tape.Gate)
        {
            if (tape.Open is not { } segment) return;
            tape.Open = null;
            var recording = segment.Recording!;
            foreach (var (variable, old) in recording.Variables) variable.Restore(segment, old);
            foreach (var input in recording.Inputs) input.Unpin();
            segment.State = SegmentState.Discarded;
            segment.Recording = null;
            segment.Device.Context.Return(recording);
        }
    }

    /// <summary>Computes a value that was no root of its closed segment, from the same inputs and so with the same bits, and makes it a root from now on.</summary>
    private DeviceData Recompute(Segment closed, Value value, CancellationToken cancellationToken)
    {
        var parameter = closed.Graph!.Nodes[value.Node];
        if (parameter.Form == InputForms.Parameter)
        {
            var input = closed.Inputs[(int)parameter.Int(0)];
            input.RequirePresent();
            return input;
        }
        var whole = closed.State == SegmentState.Submitted && closed.Inputs.All(static i => !i.IsGone);
        if (!whole) RequireInputs(closed, value);
        var recording = closed.Device.Context.RentRecording(null);
        var copy = SegmentGraph.Replay(closed, value, whole, recording);
        var again = new Segment(closed.Device, recording, engine.NextSequence(), closed.Scope, new Tape(closed.Device)) { State = SegmentState.Closing };
        if (closed.State == SegmentState.Submitted && learned.Add(closed.StructureHash, value))
            Log.LearnedRoot(logger, closed.Graph!.Nodes[value.Node].Form.Name, closed.Graph.Nodes[value.Node].CallSite?.ToString() ?? "an unknown place");
        try { Submit(again, v => v == copy, cancellationToken); }
        catch
        {
            if (again.Recording is not null) SetAside(again);
            throw;
        }
        var data = again.Results!.Find(copy)!;
        (closed.Results ??= new([], [])).Add(value, data);
        return data;
    }

    private static void RequireInputs(Segment closed, Value value)
    {
        var needed = SegmentGraph.Needed(closed.Graph!, value);
        foreach (var node in closed.Graph!.Nodes)
            if (needed[node.Index] && node.Form == InputForms.Parameter) closed.Inputs[(int)node.Int(0)].RequirePresent();
    }
}

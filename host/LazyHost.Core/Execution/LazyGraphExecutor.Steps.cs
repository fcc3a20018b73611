using LazyHost.IR;

namespace LazyHost;

internal sealed partial class LazyGraphExecutor
{
    public void MarkStep(Device device, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tape = engine.CurrentTape(device);
        if (tape?.Scope is not null) throw new StepException("MarkStep inside a step scope: the scope ends its step itself, with CompleteAsync");
        if (tape is { Flow.InRegion: true }) throw new StepException("MarkStep inside a compiled region: the region is one segment of a step; mark the step after it");
        if (tape is not null)
        {
            Close(tape, CloseReason.MarkStep, cancellationToken);
            tape.ThrowUntold();
        }
        device.Context.AdvanceStep();
        engine.Metrics.MarkStep.Add(1, device);
        engine.CurrentFlow?.Scope?.Restart();
        ReportFailures(device);
        if (tape is null) return;
        tape.Step?.End();
        var closures = tape.Closures;
        (tape.Step, tape.Closures) = (null, null);
        engine.ReleaseFlow();
        StepClosures.Run(closures);
    }

    /// <summary>Hands over what the tensors are computed from, in as few segments as hold them.</summary>
    public void SyncTensors(IReadOnlyList<Tensor> tensors, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var tensor in tensors)
        {
            if (tensor is TensorView view) view.Freshen();
            var (_, segment, value) = tensor.Where();
            if (segment is null) continue;
            var isOpen = false;
            lock (segment.Tape)
                if (segment.Tape.Open == segment)
                {
                    segment.Recording!.Ask(value, tensor);
                    isOpen = true;
                }
            // Those of segments that have ended first: ending another may overwrite what they are computed from.
            if (!isOpen) tensor.Device.Engine.Executor.Resolve(tensor, cancellationToken, CloseReason.SyncTensors);
        }
        foreach (var tensor in tensors) tensor.Device.Engine.Executor.Resolve(tensor, cancellationToken, CloseReason.SyncTensors);
    }

    /// <summary>A copy of a value on another device, queued there.</summary>
    public DeviceData CopyTo(DeviceData data, Device device, CancellationToken cancellationToken)
    {
        if (data.Managed is { } bytes) return DeviceData.FromManaged(device, data.Type, bytes);
        var held = data.Pin();
        BufferHandle? buffer = null;
        var entered = 0;
        try
        {
            data.Device.Host.Enter();
            entered++;
            device.Host.Enter();
            entered++;
            if (!held) data.RequirePresent();
            buffer = device.Memory.Allocate(data.Type, Math.Max(1, data.Type.ByteSize));
            device.Queue.Reserve(cancellationToken);
        }
        catch (Exception e)
        {
            if (e is DeviceMemoryException or ExpiredValueException) ((LazyHostException)e).At("to", SourceFrames.Site(null, 0));
            if (entered > 0) data.Device.Host.Leave();
            if (entered > 1) device.Host.Leave();
            data.Unpin();
            buffer?.Release();
            throw;
        }
        var run = new Async(device, null, [data], [], new Step(device)) { CopyFrom = data, Operator = "to" };
        run.Outputs = [DeviceData.Placeholder(data.Type, buffer, run)];
        run.Step.Add(run);
        device.Engine.CurrentTape(device)?.Scope?.Track(run);
        device.Queue.Submit(run, inline: false);
        return run.Outputs[0];
    }

    public void SyncLiveTensors(Device device, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LazyHostException? error = null;
        foreach (var tape in device.Context.OpenTapes())
        {
            // The region of another flow is handed over as one segment, when it ends.
            if (tape.Flow.InRegion && tape.Flow != engine.CurrentFlow) continue;
            try { Close(tape, CloseReason.SyncLiveTensors, cancellationToken); }
            catch (LazyHostException e) { error ??= e; }
        }
        if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        engine.ReleaseFlow();
    }

    public StepScope BeginStep(Device device, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var tape = engine.FlowTape(device);
        if (tape.Scope is not null) throw new StepException("BeginStep inside a step scope of the same device: steps do not nest. Work that runs beside the one that began it needs a flow of its own: using (device.Fork())");
        if (tape.Flow.InRegion) throw new StepException("BeginStep inside a compiled region: begin the step before it");
        Close(tape, CloseReason.ScopeBegin, cancellationToken);
        tape.Step?.End();
        var closures = tape.Closures;
        (tape.Step, tape.Closures) = (null, null);
        StepClosures.Run(closures);
        Close(tape, CloseReason.ScopeBegin, cancellationToken); // what they recorded
        return tape.Scope = new StepScope(device, tape);
    }

    /// <summary>Throws away what a tape has recorded: variables have the values they had before.</summary>
    public static void Discard(Tape tape)
    {
        while (true)
        {
            Segment? closing;
            lock (tape)
            {
                closing = tape.Closing;
                if (closing is null)
                {
                    if (tape.Open is { } segment) Discard(tape, segment);
                    return;
                }
            }
            WaitFor(closing); // by another flow: it belongs to the step all the same
        }
    }

    private static void Discard(Tape tape, Segment segment)
    {
        tape.Open = null;
        var recording = segment.Recording!;
        foreach (var (variable, old) in recording.Variables) variable.Restore(segment, Step.LastGood(variable, old));
        recording.Changes.Undo();
        foreach (var input in recording.Inputs) input.Unpin();
        segment.State = SegmentState.Discarded;
        segment.Recording = null;
        segment.Device.Context.Return(recording);
    }

    /// <summary>Logs the failures of runs that nobody has been told of.</summary>
    public void ReportFailures(Device device)
    {
        if (!device.Context.HasFailures) return;
        foreach (var failure in device.Context.TakeFailures()) Log.RunFailed(logger, device.Id, failure.Error.Message);
    }

    /// <summary>Computes a value that was no root of its closed segment, from the same inputs and so with the same bits, and makes it a root from now on.</summary>
    private DeviceData Recompute(Segment closed, Value value, CancellationToken cancellationToken)
    {
        var node = closed.Graph!.Nodes[value.Node];
        if (node.Form == InputForms.Parameter)
        {
            var input = closed.Inputs[(int)node.Int(0)];
            input.RequirePresent();
            return input;
        }
        var whole = closed.State == SegmentState.Submitted && closed.Inputs.All(static i => !i.IsGone);
        var (recording, copy) = (default(Recording), default(Value));
        while (recording is null)
        {
            var into = closed.Device.Context.RentRecording(null);
            try
            {
                copy = SegmentGraph.Replay(closed, value, whole, into);
                recording = into;
            }
            catch (Exception e)
            {
                into.Release();
                closed.Device.Context.Return(into);
                if (e is not ExpiredValueException expired) throw;
                if (!whole)
                {
                    expired.At(node.Form.Name, node.CallSite);
                    throw;
                }
                // A run that ended just now has given back an input, which this value may not need.
                whole = false;
            }
        }
        var again = new Segment(closed.Device, recording, engine.NextSequence(), closed.Scope, new Tape(closed.Device, new Flow())) { State = SegmentState.Closing };
        if (closed.State == SegmentState.Submitted && closed.Results?.Find(value) is null && learned.Add(closed.StructureHash, value))
            Log.LearnedRoot(logger, node.Form.Name, node.CallSite?.ToString() ?? "an unknown place");
        engine.Metrics.Recomputed.Add(1, closed.Device);
        try { Submit(again, copy, CloseReason.Recompute, null, cancellationToken); }
        catch
        {
            if (again.Recording is not null) SetAside(again);
            throw;
        }
        var data = again.Results!.Find(copy)!;
        data.IsLearned = true;
        (closed.Results ??= new([], [])).Add(value, data);
        return data;
    }
}

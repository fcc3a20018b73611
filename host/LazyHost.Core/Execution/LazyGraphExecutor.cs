using LazyHost.IR;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>Takes segments through collect, key, lookup, compile, bind and enqueue. Whatever can fail does so before the first write.</summary>
internal sealed partial class LazyGraphExecutor(LazyEngine engine, SegmentCompiler compiler, ComputationCache cache, ILogger logger)
{
    private readonly LearnedRoots learned = new(engine.Options.CacheEntries);

    /// <summary>Closes the open segment of a tape and hands it to the device. Does nothing when nothing is recorded.</summary>
    public void Close(Tape tape, CloseReason reason, CancellationToken cancellationToken, CallSite? site = null)
    {
        if (TryClose(tape, reason, cancellationToken, site, mayLeaveOpen: true)) return;
        // Holding nothing: finalizers give memory back, and one of the program's own may wait for this very segment.
        DeviceMemory.Collect();
        TryClose(tape, reason, cancellationToken, site, mayLeaveOpen: false);
    }

    /// <summary>Closes the open segment of a tape. False where the device has no room for it, and it is left open.</summary>
    private bool TryClose(Tape tape, CloseReason reason, CancellationToken cancellationToken, CallSite? site, bool mayLeaveOpen)
    {
        if (tape is { Flow.InRegion: true, Open: not null } && engine.CurrentFlow == tape.Flow)
            throw new StepException($"a compiled region is one segment, but {reason} in it needs what it has only recorded; do that after the region");
        Segment? segment, earlier = null;
        while (true)
        {
            lock (tape)
            {
                if (tape.Closing is null)
                {
                    segment = tape.Open;
                    if (segment is null) break;
                    tape.Open = null;
                    tape.Closing = segment;
                    // First: whoever sees that it is being closed must find it held.
                    Monitor.Enter(segment);
                    segment.State = SegmentState.Closing;
                    break;
                }
                earlier = tape.Closing;
            }
            WaitFor(earlier);
        }
        if (segment is null)
        {
            // What another thread closed is handed over, or failed.
            if (earlier?.Error is not { } error) return true;
            if (engine.CurrentFlow == tape.Flow) tape.Untold = null;
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
        try
        {
            Submit(segment, null, reason, site, cancellationToken);
            return true;
        }
        catch (DeviceMemoryException) when (mayLeaveOpen && segment.Recording is not null)
        {
            if (Reopen(tape, segment)) return false;
            DeviceMemory.Collect();
            try { Submit(segment, null, reason, site, cancellationToken); }
            catch (Exception e) when (segment.Recording is not null)
            {
                Failed(tape, segment, e);
                throw;
            }
            return true;
        }
        catch (Exception e) when (e is OperationCanceledException or CompileLimitException)
        {
            // Where its flow has gone on it cannot be put back; what it wrote must not be lost, so it is closed all the same.
            if (Reopen(tape, segment)) throw;
            try { Submit(segment, null, reason, site, CancellationToken.None); }
            catch (Exception again) when (segment.Recording is not null) { Failed(tape, segment, again); }
            throw;
        }
        catch (Exception e) when (segment.Recording is not null)
        {
            Failed(tape, segment, e);
            throw;
        }
        finally
        {
            tape.Closing = null;
            Monitor.Exit(segment);
        }
    }

    /// <summary>Sets aside what cannot be run. Where that undoes writes of another flow, it is told when it ends its step.</summary>
    private void Failed(Tape tape, Segment segment, Exception e)
    {
        segment.Error = e as LazyHostException;
        SetAside(segment);
        if (segment.WroteVariables && engine.CurrentFlow != tape.Flow) tape.Untold = segment.Error;
    }

    /// <summary>Closes a segment that has grown to the limit. Errors are thrown to whoever recorded the last node.</summary>
    public void CloseAtLimit(Tape tape)
    {
        if (tape.Flow.InRegion) throw new StepException($"a compiled region recorded {engine.Options.SegmentNodeLimit} nodes, the limit of one segment; raise SegmentNodeLimit or do less in it");
        Log.NodeLimit(logger, tape.Device.Id, engine.Options.SegmentNodeLimit);
        engine.Metrics.TrimIrGraph.Add(1, tape.Device);
        Close(tape, CloseReason.NodeLimit, CancellationToken.None);
    }

    /// <summary>The value of a tensor, handed to the device if it was still pending. May close segments; the caller holds no tape.</summary>
    public DeviceData Resolve(Tensor tensor, CancellationToken cancellationToken, CloseReason reason = CloseReason.Use, CallSite? site = null)
    {
        if (tensor is TensorView view) view.Freshen();
        while (true)
        {
            var (data, segment, value) = tensor.Where();
            if (data is not null) return data;
            WaitFor(segment!);
            if (segment!.State == SegmentState.Open)
            {
                var tape = segment.Tape;
                lock (tape)
                {
                    if (tape.Open != segment) continue;
                    segment.Recording!.Ask(value, tensor);
                }
                try { Close(tape, reason, cancellationToken, site); }
                catch (LazyHostException) when (segment is { State: SegmentState.SetAside, WroteVariables: false })
                {
                    // Something in the segment cannot be compiled; this value may not need it. If it does, the same error comes below.
                }
                continue;
            }
            // A capture or a discarded step has put back what it was before.
            if (segment.State == SegmentState.Discarded && !tensor.IsPendingIn(segment)) continue;
            data = ResolveValue(segment, value, cancellationToken);
            if (data is null) continue;
            // A variable may hold it as well.
            data.IsShared = true;
            tensor.Adopt(segment, value, data);
            return data;
        }
    }

    /// <summary>A value of a closed segment: as computed with it, or computed again. Null where closing it was cancelled meanwhile, and it is open again.</summary>
    public DeviceData? ResolveValue(Segment segment, Value value, CancellationToken cancellationToken)
    {
        try { return FindOrRecompute(segment, value, cancellationToken); }
        catch (DeviceMemoryException) { DeviceMemory.Collect(); } // not while the segment is held
        return FindOrRecompute(segment, value, cancellationToken);
    }

    private DeviceData? FindOrRecompute(Segment segment, Value value, CancellationToken cancellationToken)
    {
        lock (segment)
        {
            if (segment.State == SegmentState.Open) return null;
            if (segment.State == SegmentState.Discarded) throw new StepException("a tensor recorded in a step that was discarded has no value");
            // One that is gone was also that of a variable, which was overwritten: what it was computed from may still be there.
            if (segment.Results?.Find(value) is { } data && !(data.IsExpired && (segment.Scope is null || data.IsLearned))) return data;
            return HeldByVariable(segment, value) ?? Recompute(segment, value, cancellationToken);
        }
    }

    /// <summary>The value of a variable that a value was assigned to under a node of its own, where it is still there.</summary>
    private static DeviceData? HeldByVariable(Segment segment, Value value)
    {
        if (segment.Results is not { } results) return null;
        foreach (var root in segment.Graph!.Roots)
            if (segment.Graph.Nodes[root.Node] is var node && node.Form == Operators.Detach.Form && node.Operands[0] == value && results.Find(root) is { IsGoing: false } data) return data;
        return null;
    }

    /// <summary>Waits while another thread closes a segment.</summary>
    private static void WaitFor(Segment closing)
    {
        lock (closing)
        {
            // Whoever closes it holds it until its values are known.
        }
    }

    /// <summary>Keys, compiles, binds and enqueues a segment whose lock is held.</summary>
    private void Submit(Segment segment, Value? wanted, CloseReason reason, CallSite? site, CancellationToken cancellationToken)
    {
        var recording = segment.Recording!;
        if (wanted is null) Instrumentation.Recorded(segment, recording);
        segment.StructureHash = SegmentKey.Hash(recording.Encoding.AsSpan(0, recording.EncodingLength));
        segment.AnySize = recording.AnySize;
        RootCollector.Collect(segment, recording, learned.Get(segment.StructureHash));
        if (recording.Roots.Count == 0)
        {
            if (engine.DumpFile is not null) Dump(segment, recording, reason, site, "nothing to compute", null);
            segment.Tape.CurrentStep.Add(recording.Changes);
            recording.Changes.Clear();
            SetAside(segment);
            return;
        }
        CachedComputation cached;
        bool hit;
        long compiling;
        try { cached = Lookup(segment, recording, cancellationToken, out hit, out compiling); }
        catch (LazyHostException e) when (engine.DumpFile is not null)
        {
            Dump(segment, recording, reason, site, e.Message, null);
            throw;
        }
        if (engine.DumpFile is not null) Dump(segment, recording, reason, site, Outcome(cached, hit), cached);
        var run = RunBinder.Bind(segment, recording, cached, cancellationToken, out var inline);
        if (wanted is { } only) run.Unwanted = AllBut(recording.Roots, only);
        else run.Begun = segment.Begun + compiling;
        if (inline) HandOver(segment, recording, cached, run, inline);
        else
            lock (segment.Device.Queue.Order) HandOver(segment, recording, cached, run, inline);
    }

    private static void HandOver(Segment segment, Recording recording, CachedComputation cached, Async run, bool inline)
    {
        Commit(segment, recording, cached, run);
        segment.Device.Queue.Submit(run, inline);
    }

    /// <summary>The first write: from here on nothing fails on the host.</summary>
    private static void Commit(Segment segment, Recording recording, CachedComputation cached, Async run)
    {
        var results = new ResultMap(cached.Roots, run.Outputs);
        segment.Results = results;
        segment.Graph = cached.Graph;
        segment.Device.Latest = cached;
        segment.Scalars = run.Scalars;
        segment.Inputs = recording.Inputs.ToArray();
        KeepGradientHistory(segment, recording);
        if (recording.Variables.Count > 0) run.Variables = Written(segment, recording);
        run.InScope = segment.Scope is not null;
        run.Step.Add(run, recording.Changes);
        segment.Scope?.Track(run);
        foreach (var update in run.Variables)
        {
            var at = update.Variable.PendingValue;
            var value = results.Find(at)!;
            // Gradients that flow through state need what it was in earlier steps.
            if (update.Variable is { RequiresGrad: true } and not Parameter) update.OldData.IsShared = true;
            // Two variables given one value share it: then it belongs to neither.
            if (value.Replaced is not null) value.IsShared = true;
            else value.Replaced = (update.Variable, update.OldData);
            update.Variable.Adopt(segment, at, value);
        }
        for (var i = 0; i < cached.Roots.Length; i++)
        {
            ref var node = ref recording.Nodes[cached.Roots[i].Node];
            var (isAsked, isVariable) = ((node.Flags & NodeFlags.Asked) != 0, (node.Flags & NodeFlags.Variable) != 0);
            // What a variable holds too goes when that is overwritten: its own handle takes it only where it was asked for, and then it stays.
            if (isAsked && ((node.Flags & NodeFlags.Several) != 0 || (isVariable && !IsVariable(run, node.Handle)))) run.Outputs[i].IsShared = true;
            // One that is only learned is taken by nobody before it is used: if it has gone by then it is computed again, as if it had not been learned.
            else if (!isAsked && !isVariable && (node.Flags & (NodeFlags.User | NodeFlags.Consumed)) != NodeFlags.User) run.Outputs[i].IsLearned = true;
            if (isAsked || !(isVariable || run.Outputs[i].IsLearned)) node.Handle?.Adopt(segment, cached.Roots[i], run.Outputs[i]);
        }
        segment.State = SegmentState.Submitted;
        segment.Recording = null;
        segment.Device.Context.Return(recording);
    }

    private static bool IsVariable(Async run, Tensor? tensor)
    {
        foreach (var update in run.Variables)
            if (update.Variable == tensor) return true;
        return false;
    }

    private static VariableUpdate[] Written(Segment segment, Recording recording) => [.. recording.Variables.Where(u => u.Variable.IsPendingIn(segment))];

    private static bool[] AllBut(List<Value> roots, Value wanted) => [.. roots.Select(root => root != wanted)];

    private static void KeepGradientHistory(Segment segment, Recording recording)
    {
        var any = false;
        for (var i = 0; i < recording.Count && !any; i++) any = (recording.Nodes[i].Flags & NodeFlags.RequiresGrad) != 0;
        if (!any) return;
        segment.InputOrigins = [.. recording.InputOrigins];
        segment.Leaves = recording.Leaves.Count == 0 ? null : new(recording.Leaves);
        segment.Flags = new NodeFlags[recording.Count];
        for (var i = 0; i < recording.Count; i++) segment.Flags[i] = recording.Nodes[i].Flags;
    }

    /// <summary>Puts a segment back after a cancellation, where its flow has recorded nothing since.</summary>
    private static bool Reopen(Tape tape, Segment segment)
    {
        // Whoever holds the tape may be waiting for this segment: then it is not put back.
        if (!Monitor.TryEnter(tape)) return false;
        try
        {
            if (tape.Open is not null) return false;
            segment.State = SegmentState.Open;
            tape.Open = segment;
            return true;
        }
        finally
        {
            Monitor.Exit(tape);
        }
    }

    /// <summary>Closes a segment without a run: variables keep the values they had, and its other values are computed when they are used.</summary>
    private static void SetAside(Segment segment)
    {
        var recording = segment.Recording!;
        foreach (var (variable, old) in recording.Variables) variable.Restore(segment, Step.LastGood(variable, old));
        recording.Changes.Undo();
        segment.Graph = SegmentGraph.Build(recording, []);
        segment.WroteVariables = recording.Variables.Count > 0;
        segment.Inputs = [.. recording.Inputs];
        segment.Scalars = [.. recording.Scalars];
        KeepGradientHistory(segment, recording);
        foreach (var input in segment.Inputs) input.Unpin();
        segment.State = SegmentState.SetAside;
        segment.Recording = null;
        segment.Device.Context.Return(recording);
    }
}

using LazyHost.IR;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>Takes segments through collect, key, lookup, compile, bind and enqueue. Whatever can fail does so before the first write.</summary>
internal sealed partial class LazyGraphExecutor(LazyEngine engine, SegmentCompiler compiler, ComputationCache cache, ILogger logger)
{
    private readonly LearnedRoots learned = new(engine.Options.CacheEntries);

    /// <summary>Closes the open segment of a tape and hands it to the device. Does nothing when nothing is recorded.</summary>
    public void Close(Tape tape, CancellationToken cancellationToken)
    {
        Segment? segment;
        lock (tape.Gate)
        {
            segment = tape.Open;
            if (segment is null) return;
            tape.Open = null;
            segment.State = SegmentState.Closing;
            Monitor.Enter(segment.Gate);
        }
        try { Submit(segment, null, cancellationToken); }
        catch (OperationCanceledException) when (Reopen(tape, segment))
        {
            throw;
        }
        catch
        {
            SetAside(segment);
            throw;
        }
        finally
        {
            Monitor.Exit(segment.Gate);
        }
    }

    /// <summary>Closes a segment that has grown to the limit. Errors are thrown to whoever recorded the last node.</summary>
    public void CloseAtLimit(Tape tape)
    {
        Log.NodeLimit(logger, tape.Device.Id, engine.Options.SegmentNodeLimit);
        Close(tape, CancellationToken.None);
    }

    /// <summary>The value of a tensor, handed to the device if it was still pending. May close segments; the caller holds no tape.</summary>
    public DeviceData Resolve(Tensor tensor, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (data, segment, value) = tensor.Where();
            if (data is not null) return data;
            lock (segment!.Gate)
            {
                // Whoever closes it holds the gate until its values are known.
            }
            if (segment.State == SegmentState.Open)
            {
                var tape = segment.Tape;
                lock (tape.Gate)
                {
                    if (tape.Open != segment) continue;
                    segment.Recording!.Nodes[value.Node].Flags |= NodeFlags.Asked;
                }
                try { Close(tape, cancellationToken); }
                catch (LazyHostException) when (segment.State == SegmentState.SetAside)
                {
                    // Something in the segment cannot be compiled; this value may not need it. If it does, the same error comes below.
                }
                continue;
            }
            data = ResolveValue(segment, value, cancellationToken);
            tensor.Adopt(segment, value, data);
            return data;
        }
    }

    /// <summary>A value of a closed segment: as computed with it, or computed again.</summary>
    public DeviceData ResolveValue(Segment segment, Value value, CancellationToken cancellationToken)
    {
        lock (segment.Gate)
        {
            if (segment.State == SegmentState.Discarded) throw new StepException("a tensor recorded in a step that was discarded has no value");
            if (segment.Results is null || !segment.Results.TryGetValue(value, out var data)) return Recompute(segment, value, cancellationToken);
            data.IsShared = true;
            return data;
        }
    }

    /// <summary>Keys, compiles, binds and enqueues a segment whose gate is held.</summary>
    private void Submit(Segment segment, Func<Value, bool>? wanted, CancellationToken cancellationToken)
    {
        var recording = segment.Recording!;
        var device = segment.Device;
        segment.StructureHash = SegmentKey.Hash(recording.Encoding.AsSpan(0, recording.EncodingLength));
        var structureLength = recording.EncodingLength;
        var roots = new List<Value>();
        RootCollector.Collect(segment, recording, learned.Get(segment.StructureHash), roots);
        if (roots.Count == 0)
        {
            SetAside(segment);
            return;
        }
        SegmentKey.Append(recording, roots, device.Engine.IdentityNumber(device.Host.Identity));
        var key = recording.Encoding.AsSpan(0, recording.EncodingLength);
        CachedComputation cached;
        bool hit;
        try
        {
            (cached, hit) = cache.GetOrCompile(SegmentKey.Hash(key), key, () =>
            {
                var graph = SegmentGraph.Build(recording, roots);
                return new(graph, compiler.Compile(device, graph, cancellationToken), recording.EncodingLength * sizeof(long));
            }, cancellationToken);
        }
        finally
        {
            recording.EncodingLength = structureLength;
        }
        (hit ? engine.Metrics.CachedCompile : engine.Metrics.UncachedCompile).Add(1);
        var run = RunBinder.Bind(segment, recording, cached, roots, cancellationToken, out var inline);
        if (wanted is not null) run.Unwanted = [.. roots.Select(r => !wanted(r))];
        Commit(segment, recording, cached, roots, run);
        device.Queue.Submit(run, inline);
    }

    /// <summary>The first write: from here on nothing fails on the host.</summary>
    private static void Commit(Segment segment, Recording recording, CachedComputation cached, List<Value> roots, Async run)
    {
        var results = new Dictionary<Value, DeviceData>(roots.Count);
        for (var i = 0; i < roots.Count; i++) results[roots[i]] = run.Outputs[i];
        segment.Results = results;
        segment.Graph = cached.Graph;
        segment.Scalars = run.Scalars;
        segment.Inputs = [.. recording.Inputs];
        KeepGradientHistory(segment, recording);
        run.Variables = [.. recording.Variables.Where(u => u.Variable.IsPendingIn(segment))];
        run.Scope = segment.Scope;
        segment.Scope?.Track(run);
        foreach (var (variable, old) in run.Variables)
        {
            var value = results[variable.PendingValue];
            if (value.Replaced is not null) value.IsShared = true; // two variables were given one value
            value.Replaced = old;
            variable.Commit(segment, value);
        }
        foreach (var root in roots)
            if (results[root].Replaced is null && recording.Nodes[root.Node].Handle is { } handle) handle.Adopt(segment, root, results[root]);
        segment.State = SegmentState.Submitted;
        segment.Recording = null;
        segment.Device.Context.Return(recording);
    }

    private static void KeepGradientHistory(Segment segment, Recording recording)
    {
        var any = false;
        for (var i = 0; i < recording.Count && !any; i++) any = (recording.Nodes[i].Flags & NodeFlags.RequiresGrad) != 0;
        if (!any) return;
        segment.InputTensors = [.. recording.InputTensors];
        segment.Leaves = recording.Leaves.Count == 0 ? null : new(recording.Leaves);
        segment.Flags = new NodeFlags[recording.Count];
        for (var i = 0; i < recording.Count; i++) segment.Flags[i] = recording.Nodes[i].Flags;
    }

    /// <summary>Puts a segment back after a cancellation, where its flow has recorded nothing since.</summary>
    private static bool Reopen(Tape tape, Segment segment)
    {
        // Whoever holds the tape may be waiting for this segment's gate: then it is not put back.
        if (!Monitor.TryEnter(tape.Gate)) return false;
        try
        {
            if (tape.Open is not null) return false;
            segment.State = SegmentState.Open;
            tape.Open = segment;
            return true;
        }
        finally
        {
            Monitor.Exit(tape.Gate);
        }
    }

    /// <summary>Closes a segment without a run: its values are computed from the same inputs when they are used.</summary>
    private static void SetAside(Segment segment)
    {
        var recording = segment.Recording!;
        segment.Graph = SegmentGraph.Build(recording, []);
        segment.Inputs = [.. recording.Inputs];
        segment.Scalars = [.. recording.Scalars];
        KeepGradientHistory(segment, recording);
        foreach (var input in segment.Inputs) input.Unpin();
        segment.State = SegmentState.SetAside;
        segment.Recording = null;
        segment.Device.Context.Return(recording);
    }
}

namespace LazyHost;

/// <summary>
/// A step in which nothing outlives the end but variables, tensors kept with <see cref="Tensor.Keep"/>, and results of up to 64 KiB. Complete it; disposing it
/// before discards what it recorded and puts variables back.
/// </summary>
public sealed class StepScope : IAsyncDisposable
{
    private readonly Device device;
    private readonly Tape tape;
    private readonly List<Async> runs = [];
    private readonly List<DeviceData> created = [];
    private readonly Dictionary<Tensor, DeviceData> before = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> kept = new(ReferenceEqualityComparer.Instance);
    private bool over;

    internal StepScope(Device device, Tape tape) => (this.device, this.tape) = (device, tape);

    /// <summary>Ends the step: compiles and runs what is left of it, waits for all of it, and gives back what nothing keeps.</summary>
    /// <exception cref="StepException">The step is over already.</exception>
    /// <exception cref="LazyHostException">The step cannot be compiled, or its run failed; dispose the scope to put variables back.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (over) throw new StepException("CompleteAsync on a step that is over");
        device.Engine.Executor.Close(tape, cancellationToken);
        over = true;
        tape.Scope = null;
        device.Context.AdvanceStep();
        device.Engine.Metrics.MarkStep.Add(1);
        device.Engine.ReleaseFlow();
        return FinishAsync(cancellationToken);
    }

    /// <summary>Discards the step unless it was completed. Never throws.</summary>
    public ValueTask DisposeAsync()
    {
        if (over) return ValueTask.CompletedTask;
        over = true;
        LazyGraphExecutor.Discard(tape);
        tape.Scope = null;
        device.Engine.ReleaseFlow();
        return UndoAsync();
    }

    internal void Track(Async run)
    {
        lock (runs)
        {
            runs.Add(run);
            created.AddRange(run.Outputs);
            foreach (var (variable, old) in run.Variables)
            {
                kept.Add(variable);
                before.TryAdd(variable, old);
            }
        }
    }

    internal void Track(DeviceData data)
    {
        lock (runs) created.Add(data);
    }

    internal void Keep(Tensor tensor)
    {
        lock (runs) kept.Add(tensor);
    }

    private async Task FinishAsync(CancellationToken cancellationToken)
    {
        Exception? error = null;
        foreach (var run in runs)
        {
            try { await run.Completion.WaitAsync(cancellationToken).ConfigureAwait(false); }
            catch (Exception e) { error ??= e; }
        }
        if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        var current = new HashSet<DeviceData>(ReferenceEqualityComparer.Instance);
        foreach (var tensor in kept)
            if (tensor.Where().Data is { } value) current.Add(value);
        var reason = $"step {device.Context.Steps - 1} ended, and it was not kept";
        foreach (var data in created)
            if (!current.Contains(data) && data.Managed is null) data.Recycle(reason);
        foreach (var (variable, old) in before)
        {
            old.Recycle($"the variable that held it was overwritten in step {device.Context.Steps - 1}");
            if (variable.Where().Data is { } value) value.Replaced = null;
        }
    }

    private async ValueTask UndoAsync()
    {
        foreach (var run in runs) await run.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (variable, old) in before) variable.Reset(old);
        foreach (var data in created) data.Recycle("its step was discarded");
    }
}

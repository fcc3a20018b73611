using System.Runtime.ExceptionServices;

namespace LazyHost;

/// <summary>
/// A step in which nothing outlives the end but variables, tensors kept with <see cref="Tensor.Keep"/>, and results of up to 64 KiB. Complete it; disposing it
/// before discards what it recorded and puts variables back.
/// </summary>
public sealed class StepScope : IAsyncDisposable
{
    private readonly Device device;
    private readonly Tape tape;
    private readonly Step step;
    private readonly (ulong Seed, ulong Ordinal) random;
    private readonly List<Async> runs = [];
    private readonly List<DeviceData> created = [];
    private readonly List<VariableUpdate> replaced = [];
    private readonly HashSet<Tensor> kept = new(ReferenceEqualityComparer.Instance);
    private Task? finishing;
    private bool disposed;

    internal StepScope(Device device, Tape tape)
    {
        (this.device, this.tape) = (device, tape);
        step = new Step(device);
        random = device.Context.Random;
    }

    /// <summary>What its runs write: put back together.</summary>
    internal Step Step => step;

    /// <summary>The random operations recorded in it.</summary>
    internal ulong Draws { get; set; }

    /// <summary>Ends the step: compiles and runs what is left of it, waits for all of it, gives back what nothing keeps, and runs the step closures.</summary>
    /// <exception cref="StepException">The step is over already.</exception>
    /// <exception cref="LazyHostException">The step cannot be compiled: it is still open, and can be completed or disposed of. Or its run failed: variables have the
    /// values they had before it.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before, or while compiling: the step is still open. Or while waiting: it goes on.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (disposed || finishing is not null) throw new StepException("CompleteAsync on a step that is over");
        cancellationToken.ThrowIfCancellationRequested();
        device.Engine.Executor.Close(tape, CloseReason.ScopeEnd, cancellationToken);
        tape.ThrowUntold();
        tape.Scope = null;
        var closures = tape.Closures;
        (tape.Step, tape.Closures) = (null, null);
        var number = device.Steps;
        device.Context.AdvanceStep();
        device.Engine.Metrics.MarkStep.Add(1, device);
        tape.Flow.Scope?.Restart();
        device.Engine.ReleaseFlow();
        finishing = FinishAsync(number, closures);
        return AwaitAsync(finishing, cancellationToken);
    }

    /// <summary>Waits for the end. Who does not wait so long is not told of a failure: the next barrier is, or the log.</summary>
    private async Task AwaitAsync(Task end, CancellationToken cancellationToken)
    {
        if (!end.IsCompleted) await end.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!end.IsCompleted) cancellationToken.ThrowIfCancellationRequested();
        for (var i = 0; Run(i) is { } run; i++) run.Observe();
        await end.ConfigureAwait(false);
    }

    /// <summary>Discards the step unless it was completed. Never throws.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        if (finishing is not null)
        {
            await finishing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        LazyGraphExecutor.Discard(tape);
        tape.Scope = null;
        tape.Closures = null;
        device.Context.RestoreRandom(random, Draws);
        device.Engine.ReleaseFlow();
        for (var i = 0; Run(i) is { } run; i++) await run.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        step.Discard();
        GiveBack("its step was discarded");
    }

    internal void Track(Async run)
    {
        lock (runs)
        {
            runs.Add(run);
            created.AddRange(run.Outputs);
            foreach (var update in run.Variables)
            {
                kept.Add(update.Variable);
                replaced.Add(update);
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

    /// <summary>A run of it, or null behind the last. Values of the step may be computed again, in runs of their own, while it ends.</summary>
    private Async? Run(int index)
    {
        lock (runs) return index < runs.Count ? runs[index] : null;
    }

    private async Task FinishAsync(long number, List<Action>? closures)
    {
        LazyHostException? error = null;
        for (var i = 0; Run(i) is { } run; i++)
        {
            await run.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            error ??= run.Error;
        }
        step.End();
        if (error is null) foreach (var update in replaced) RecycleReplaced(update, $"the variable that held it was overwritten in step {number}");
        GiveBack(error is null ? $"step {number} ended, and it was not kept" : $"step {number} failed");
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        StepClosures.Run(closures);
    }

    /// <summary>Gives back what a variable held before, and, of steps outside scopes, what it held before that.</summary>
    private static void RecycleReplaced(in VariableUpdate update, string reason)
    {
        var old = update.OldData;
        if (old.Replaced is { } replaced && replaced.Variable == update.Variable)
        {
            replaced.Data.Recycle(reason);
            old.Replaced = null;
        }
        old.Recycle(reason);
    }

    /// <summary>Gives back what was made in the step and is held neither by a variable nor by a kept tensor.</summary>
    private void GiveBack(string reason)
    {
        lock (runs)
        {
            var current = new HashSet<DeviceData>(ReferenceEqualityComparer.Instance);
            foreach (var tensor in kept)
                if (tensor.Submitted is { } value) current.Add(value);
            foreach (var data in created)
                if (!current.Contains(data) && data.Managed is null) data.Recycle(reason);
            foreach (var data in current)
                if (data.Step == step) data.Replaced = null;
        }
    }
}

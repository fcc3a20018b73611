using System.Diagnostics;

namespace LazyHost;

/// <summary>One run: in the device's queue, running, or done. Every value it computes points to it until it has succeeded.</summary>
internal sealed class Async(Device device, Computation? computation, DeviceData[] inputs, long[] scalars, Step step)
{
    private TaskCompletionSource? completion;
    private volatile bool isDone;
    private bool hasWaiters;

    public Device Device { get; } = device;

    /// <summary>The program; a run that copies has none.</summary>
    public Computation Computation => computation!;

    /// <summary>The value on another device that the run copies to its only output, or null for a run of a program.</summary>
    public DeviceData? CopyFrom { get; init; }

    /// <summary>The inputs, pinned until the run is over; managed ones are replaced by pinned device copies when they are bound.</summary>
    public DeviceData[] Inputs { get; } = inputs;

    public long[] Scalars { get; } = scalars;

    /// <summary>The step it belongs to.</summary>
    public Step Step { get; } = step;

    public DeviceData[] Outputs { get; set; } = [];

    public BufferHandle? Workspace { get; set; }

    /// <summary>The variables it writes, with the value each had before.</summary>
    public VariableUpdate[] Variables { get; set; } = [];

    /// <summary>Values whose buffers it was given for outputs, with those.</summary>
    public List<(DeviceData From, DeviceData To)>? Donated { get; set; }

    /// <summary>True once the backend has been called: then buffers it was given are written.</summary>
    public bool HasBegun { get; set; }

    /// <summary>True where a step scope gives its values back.</summary>
    public bool InScope { get; set; }

    /// <summary>True where only some of the outputs are wanted by anybody; the others are given back at once.</summary>
    public bool[]? Unwanted { get; set; }

    /// <summary>The operator whose result it ends with, for messages.</summary>
    public string? Operator { get; init; }

    public CallSite? CallSite { get; init; }

    /// <summary>The nodes of its segment; 0 for a run that copies.</summary>
    public int Nodes { get; init; }

    /// <summary>When the recording of its segment began, less the time that compiling took: a timestamp of <see cref="Stopwatch"/>. 0 where it was not recorded now.</summary>
    public long Begun { get; set; }

    /// <summary>When it was put into the queue, or 0 where it runs on the thread that recorded it.</summary>
    public long HandedOver { get; set; }

    /// <summary>The activity it was handed over in, or null.</summary>
    public Activity? Trace { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public LazyHostException? Error => Failure?.Error;

    /// <summary>What went wrong, shared with the runs that failed because of this one; null where nothing did.</summary>
    public RunFailure? Failure { get; private set; }

    /// <summary>Completes when the run is over; faulted with <see cref="Error"/>, the same object for every waiter.</summary>
    public Task Completion
    {
        get
        {
            lock (this)
            {
                if (completion is null)
                {
                    completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (isDone) Publish();
                }
                return completion.Task;
            }
        }
    }

    /// <summary>Waits on this thread until the run is over, without needing another; throws <see cref="Error"/>.</summary>
    public void Wait()
    {
        WaitDone();
        ThrowIfFailed();
    }

    /// <summary>Waits on this thread until the run is over, however it ended.</summary>
    public void WaitDone()
    {
        lock (this)
            while (!isDone)
            {
                hasWaiters = true;
                Monitor.Wait(this);
            }
    }

    /// <summary>Waits until the run is over; throws <see cref="Error"/>.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isDone) cancellationToken.ThrowIfCancellationRequested();
        ThrowIfFailed();
    }

    /// <summary>Throws <see cref="Error"/> where the run is over and has failed.</summary>
    public void ThrowIfFailed()
    {
        if (Failure is not { } failure) return;
        failure.Observe();
        System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.Error);
    }

    /// <summary>Says that somebody has been told of the failure, if there was one.</summary>
    public void Observe() => Failure?.Observe();

    /// <summary>Makes the failure known.</summary>
    public void Fail(RunFailure failure) => Failure = failure;

    /// <summary>Ends the run: whoever waits goes on.</summary>
    public void Finish()
    {
        lock (this)
        {
            isDone = true;
            // Pulsing costs more than a small run, even where nobody waits.
            if (hasWaiters) Monitor.PulseAll(this);
            if (completion is not null) Publish();
        }
    }

    private void Publish()
    {
        if (Error is not { } error)
        {
            completion!.SetResult();
            return;
        }
        completion!.SetException(error);
        _ = completion.Task.Exception; // results report it; an unobserved task must not
    }
}

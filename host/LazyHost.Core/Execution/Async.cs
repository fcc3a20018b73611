namespace LazyHost;

/// <summary>One run: in the device's queue, running, or done. Every value it computes points to it until it has succeeded.</summary>
internal sealed class Async(Device device, Computation computation, DeviceData[] inputs, long[] scalars, long step)
{
    private readonly object gate = new();
    private TaskCompletionSource? completion;
    private volatile bool isDone;

    public Device Device { get; } = device;

    public Computation Computation { get; } = computation;

    /// <summary>The inputs, pinned until the run is over; managed ones are replaced by pinned device copies when they are bound.</summary>
    public DeviceData[] Inputs { get; } = inputs;

    public long[] Scalars { get; } = scalars;

    /// <summary>The step it belongs to, for messages.</summary>
    public long Step { get; } = step;

    public DeviceData[] Outputs { get; set; } = [];

    public BufferHandle? Workspace { get; set; }

    /// <summary>The variables it writes, with the value each had before.</summary>
    public VariableUpdate[] Variables { get; set; } = [];

    /// <summary>The step scope that will give its values back, or null.</summary>
    public StepScope? Scope { get; set; }

    /// <summary>True where only some of the outputs are wanted by anybody; the others are given back at once.</summary>
    public bool[]? Unwanted { get; set; }

    public CallSite? CallSite { get; set; }

    public bool IsDone => isDone;

    /// <summary>Why it failed, or null.</summary>
    public LazyHostException? Error { get; private set; }

    /// <summary>Completes when the run is over; faulted with <see cref="Error"/>, the same object for every waiter.</summary>
    public Task Completion
    {
        get
        {
            lock (gate)
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
        lock (gate)
            while (!isDone) Monitor.Wait(gate);
        if (Error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(Error);
    }

    public void Finish(LazyHostException? error)
    {
        lock (gate)
        {
            Error = error;
            isDone = true;
            Monitor.PulseAll(gate);
            if (completion is not null) Publish();
        }
    }

    private void Publish()
    {
        if (Error is null)
        {
            completion!.SetResult();
            return;
        }
        completion!.SetException(Error);
        _ = completion.Task.Exception; // results report it; an unobserved task must not
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace LazyHost;

/// <summary>The runs of one device, in order, a bounded number ahead. Small runs whose inputs are ready skip the queue and run on the caller's thread.</summary>
internal sealed class DeviceQueue(Device device, int depth) : IAsyncDisposable
{
    /// <summary>Programs below this many scalar operations run on the caller's thread: less than a hand-over to a sleeping thread costs.</summary>
    public const long InlineOperations = 2_000_000;

    // Blocking on purpose: the worker is a thread of its own, and nothing here may wait for a thread of the pool.
    private readonly BlockingCollection<Async> runs = [];
    private readonly SemaphoreSlim slots = new(depth, depth);
    private Task? worker;
    private Async? last;
    private int pending;

    /// <summary>Held while a run is handed over, from before others can see the values it will compute: whatever uses those comes after it.</summary>
    public object Order { get; } = new();

    public int Pending => Volatile.Read(ref pending);

    /// <summary>Takes the right to submit a run: at once for a small one on a free device, else when the queue has room.</summary>
    /// <returns>True when the device is locked for the caller, who runs it himself.</returns>
    public bool Reserve(Computation computation, DeviceData[] inputs, CancellationToken cancellationToken)
    {
        if (computation.EstimatedOperations <= InlineOperations && Pending == 0 && AreReady(inputs) && device.Locker.TryLock())
        {
            if (Pending == 0) return true;
            device.Locker.Unlock();
        }
        Reserve(cancellationToken);
        return false;
    }

    /// <summary>Takes the right to submit a run when the queue has room.</summary>
    public void Reserve(CancellationToken cancellationToken)
    {
        if (slots.Wait(0, cancellationToken)) return;
        var start = Stopwatch.GetTimestamp();
        slots.Wait(cancellationToken);
        Waited(start);
    }

    /// <summary>Waits until the runs submitted so far are over, and have given back what they held.</summary>
    public void WaitForRuns(CancellationToken cancellationToken)
    {
        Task? over;
        lock (Order) over = last?.Completion;
        if (over is not null) Task.WaitAny([over], cancellationToken);
    }

    private static bool AreReady(DeviceData[] inputs)
    {
        foreach (var input in inputs)
            if (input.Producer is not null) return false;
        return true;
    }

    public void CancelReservation(bool inline)
    {
        if (inline) device.Locker.Unlock();
        else slots.Release();
    }

    public void Submit(Async run, bool inline)
    {
        if (inline)
        {
            try { RunExecutor.Execute(run); }
            finally { device.Locker.Unlock(); }
            return;
        }
        run.HandedOver = Stopwatch.GetTimestamp();
        lock (Order)
        {
            Interlocked.Increment(ref pending);
            last = run;
            if (worker is null)
                // No flow of the thread that happens to start the worker may be seen in it.
                using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
                    worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            try { runs.Add(run); }
            catch (InvalidOperationException)
            {
                Interlocked.Decrement(ref pending);
                slots.Release();
                RunExecutor.End(run, new(device, new DeviceGoneException($"{device.Id} went away before a run of step {run.Step.Number}")));
            }
        }
    }

    /// <summary>Waits until everything submitted so far is over.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Task? over;
        lock (Order) over = last?.Completion;
        if (over is not null) await over.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
        device.Locker.Lock(cancellationToken);
        device.Locker.Unlock();
    }

    /// <summary>Takes no more runs, and fails those that wait. One that has begun goes on.</summary>
    public void Abandon()
    {
        runs.CompleteAdding();
        while (runs.TryTake(out var run))
        {
            RunExecutor.End(run, new(device, new DeviceGoneException($"{device.Id} was stopped before a run of step {run.Step.Number} began")));
            Interlocked.Decrement(ref pending);
            slots.Release();
        }
    }

    /// <summary>Ends the worker. To be called when no run is under way: it would wait for it.</summary>
    public async ValueTask DisposeAsync()
    {
        runs.CompleteAdding();
        Task? running;
        lock (Order) running = worker;
        if (running is not null) await running.ConfigureAwait(false);
    }

    private void Waited(long start) => device.Engine.Metrics.DeviceLockWait.RecordTime(start, Stopwatch.GetTimestamp(), device);

    private void Work()
    {
        while (RunNext()) ;
    }

    /// <summary>Waits for a run and does it; false when no more will come. A method of its own: while it waits, nothing on the stack may hold the run before, whose
    /// values would live as long.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RunNext()
    {
        if (!runs.TryTake(out var run, Timeout.Infinite)) return false;
        // A copy waits for what it copies without holding its device, which a run over there may need.
        run.CopyFrom?.Producer?.WaitDone();
        var locked = Lock(run);
        try { RunExecutor.Execute(run); }
        finally
        {
            if (locked is null) device.Locker.Unlock();
            else locked.Dispose();
            lock (Order)
                if (last == run) last = null;
            Interlocked.Decrement(ref pending);
            slots.Release();
        }
        return true;
    }

    /// <summary>Takes the device, or for a run in parts all of their devices.</summary>
    private IDisposable? Lock(Async run)
    {
        var isComposed = run.CopyFrom is null && run.Computation.Children.Length > 0;
        if (!isComposed && device.Locker.TryLock()) return null;
        var start = Stopwatch.GetTimestamp();
        IDisposable? held = null;
        if (isComposed)
        {
            var devices = new HashSet<DeviceId> { device.Id };
            run.Computation.AddDevices(devices);
            held = device.Engine.Lockers.LockDevices(devices, CancellationToken.None);
        }
        else device.Locker.Lock();
        Waited(start);
        return held;
    }
}

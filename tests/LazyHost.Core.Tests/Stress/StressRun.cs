using System.Collections.Concurrent;
using System.Diagnostics;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests.Stress;

/// <summary>An engine of two devices with 64 threads that step on them and 16 that read what those have published. Every number is checked, to the bit.</summary>
internal sealed class StressRun : IAsyncDisposable
{
    private const int Steppers = 64, Readers = 16, Few = 3;

    private readonly FaultyBackend queued = new() { Kind = "queued" };
    private readonly SimdBackend simd = new(new SimdSettings(2));
    private readonly Device[] devices;
    private readonly Trainer[] trainers;
    private readonly Tensor[] shared;
    private readonly ConcurrentQueue<string> failures = new();
    private readonly List<Thread> threads = [];
    private readonly CountdownEvent underWay = new(Steppers);
    private readonly ManualResetEventSlim joining = new();
    private volatile bool over;
    private int stepping = Steppers;

    public StressRun()
    {
        devices = [Engine.AddBackend(queued, "queued", "test")[0], Engine.AddBackend(simd, "simd", "test")[0]];
        shared = [.. devices.Select(d => Tensor.Full([Trainer.Large], Trainer.Rate, d).Keep())];
        foreach (var device in devices) device.MarkStep();
        trainers = [.. Enumerable.Range(0, Steppers).Select(i => new Trainer(i, devices[i % 2], devices[1 - (i % 2)], shared[i % 2]))];
    }

    public LazyEngine Engine { get; } = new(new() { MemoryBudget = 1L << 30 });

    /// <summary>Completes when each stepper has made some steps.</summary>
    public void WaitUntilUnderWay() => underWay.Wait();

    /// <summary>Begins. A stepper ends after a number of steps, at a time, or when the engine is stopped.</summary>
    /// <param name="steps">The steps to make.</param>
    /// <param name="before">Makes steps until this timestamp too, where it is not 0.</param>
    /// <param name="mayStop">Whether <see cref="DeviceGoneException"/> is what they may end with.</param>
    public void Start(int steps, long before, bool mayStop)
    {
        foreach (var trainer in trainers) Run($"stepper {trainer.Number}", mayStop, () => Step(trainer, steps, before), () => Stopped(trainer));
        for (var r = 0; r < Readers; r++)
        {
            var random = new Random(r);
            Run($"reader {r}", mayStop, () => Read(random), static () => { });
        }
    }

    /// <summary>Waits for all threads; fails where one fails or does not come to its end.</summary>
    public void Join()
    {
        joining.Set();
        // No thread takes anywhere near as long: whoever is not back hangs.
        var limit = Stopwatch.StartNew();
        foreach (var thread in threads)
            if (!thread.Join(TimeSpan.FromMinutes(5) - limit.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero)) failures.Enqueue($"{thread.Name} hangs");
        Assert.True(failures.IsEmpty, string.Join("\n", failures.Take(5)));
    }

    /// <summary>Every variable has the value its steps give it.</summary>
    public void CheckResults()
    {
        foreach (var trainer in trainers) trainer.Check();
    }

    public long BytesInUse => queued.GetMemoryStatistics(0).InUse + simd.GetMemoryStatistics(0).InUse;

    public ValueTask DisposeAsync()
    {
        underWay.Dispose();
        joining.Dispose();
        return Engine.DisposeAsync();
    }

    private void Step(Trainer trainer, int steps, long before)
    {
        using var own = trainer.Device.Fork();
        var i = 0;
        try
        {
            for (; i < steps || Stopwatch.GetTimestamp() < before; i++)
            {
                trainer.Step();
                if (i == Few) underWay.Signal();
            }
        }
        finally
        {
            if (i <= Few) underWay.Signal();
            if (Interlocked.Decrement(ref stepping) == 0) over = true;
        }
    }

    /// <summary>After the engine was stopped, everything that needs its devices ends with the same error.</summary>
    private void Stopped(Trainer trainer)
    {
        joining.Wait(); // until both devices are stopped: a use may need the one that goes last
        foreach (var (number, use) in trainer.Uses().Index())
        {
            try
            {
                use();
                failures.Enqueue($"stepper {trainer.Number}: use {number} of a stopped device succeeded");
            }
            catch (DeviceGoneException) { }
        }
    }

    private void Read(Random random)
    {
        while (!over)
        {
            var trainer = trainers[random.Next(trainers.Length)];
            if (trainer.Latest is { } published) published.Check(random.Next(3));
            if (random.Next(8) == 0) Published.RequireAll(Trainer.Rate, shared[random.Next(2)]);
        }
    }

    private void Run(string name, bool mayStop, Action work, Action stopped)
    {
        var thread = new Thread(() =>
        {
            try
            {
                try { work(); }
                catch (DeviceGoneException) when (mayStop) { stopped(); }
            }
            catch (Exception e)
            {
                failures.Enqueue($"{name}: {e}");
                over = true;
            }
        }) { Name = name, IsBackground = true };
        threads.Add(thread);
        thread.Start();
    }
}

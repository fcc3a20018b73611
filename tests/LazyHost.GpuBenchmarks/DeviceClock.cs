using System.Diagnostics;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.GpuBenchmarks;

/// <summary>Medians of repeated runs, in seconds.</summary>
/// <param name="session">The device.</param>
/// <param name="isSmall">Few repeats.</param>
internal sealed class DeviceClock(DeviceSession session, bool isSmall)
{
    private const double BatchSeconds = 0.004;
    private const int MostRuns = 200;

    private readonly int repeats = isSmall ? 3 : 15;

    /// <summary>The device's time for work that is put on the session's stream, by the device's own clock, one run behind the other.</summary>
    public double OfDevice(Action enqueue)
    {
        session.Accelerator.Bind();
        enqueue(); // compiles, uploads what it needs
        session.Stream.Synchronize();
        var once = Batch(enqueue, 1);
        var runs = isSmall ? 1 : Math.Clamp((int)(BatchSeconds / Math.Max(once, 1e-7)), 1, MostRuns);
        return Median(() => Batch(enqueue, runs) / runs);
    }

    /// <summary>The host's time from the first thing it tells the idle device to the return of the last, without waiting for any of it.</summary>
    public double OfHost(Action enqueue)
    {
        session.Accelerator.Bind();
        return Median(() =>
        {
            session.Stream.Synchronize();
            var start = Stopwatch.GetTimestamp();
            enqueue();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
    }

    /// <summary>The median of what a measurement gives, after two that do not count.</summary>
    public double Median(Func<double> measure)
    {
        var times = new double[repeats];
        for (var i = -2; i < repeats; i++)
        {
            var time = measure();
            if (i >= 0) times[i] = time;
        }
        session.Stream.Synchronize();
        Array.Sort(times);
        return times[repeats / 2];
    }

    private double Batch(Action enqueue, int runs)
    {
        session.Stream.Synchronize();
        using var before = session.Stream.AddProfilingMarker();
        for (var i = 0; i < runs; i++) enqueue();
        using var after = session.Stream.AddProfilingMarker();
        session.Stream.Synchronize();
        after.Synchronize();
        return after.MeasureFrom(before).TotalSeconds;
    }
}

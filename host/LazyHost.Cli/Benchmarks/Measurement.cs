using System.Diagnostics;

namespace LazyHost.Cli.Benchmarks;

/// <summary>The times of one workload, in microseconds.</summary>
/// <param name="First">The first run, compilation included.</param>
/// <param name="Median">The median of the timed runs.</param>
/// <param name="Least">The least of the timed runs.</param>
/// <param name="Runs">The number of timed runs.</param>
internal sealed record Measurement(double First, double Median, double Least, int Runs)
{
    private const int WarmUp = 5, LeastRuns = 7, MostRuns = 2000;

    /// <summary>Times steps for a while. A run records, runs and waits; what it computed is given back at its end.</summary>
    public static async Task<Measurement> TakeAsync(Workload workload, Device device, double seconds, CancellationToken cancellationToken)
    {
        using var noGrad = GradMode.NoGrad();
        var step = workload.Make(device);
        var first = await TimeAsync(step, device, cancellationToken);
        for (var i = 0; i < WarmUp; i++) await TimeAsync(step, device, cancellationToken);
        var times = new List<double>();
        var total = Stopwatch.StartNew();
        while (times.Count < LeastRuns || (total.Elapsed.TotalSeconds < seconds && times.Count < MostRuns)) times.Add(await TimeAsync(step, device, cancellationToken));
        times.Sort();
        return new(first, times[times.Count / 2], times[0], times.Count);
    }

    private static async Task<double> TimeAsync(Func<Tensor[]> step, Device device, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var scope = device.BeginStep(cancellationToken);
        var results = step();
        await scope.CompleteAsync(cancellationToken);
        var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        GC.KeepAlive(results);
        return time;
    }
}

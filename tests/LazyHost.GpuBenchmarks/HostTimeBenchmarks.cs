using System.Diagnostics;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.GpuBenchmarks;

/// <summary>What a kernel costs the host.</summary>
internal static class HostTimeBenchmarks
{
    private const int Kernels = 200;

    public static async Task RunAsync(Bench bench)
    {
        Launches(bench);
        await TrainingStepAsync(bench);
    }

    /// <summary>A chain of small kernels that cannot become one: each needs a mean of all the one before computed.</summary>
    private static void Launches(Bench bench)
    {
        var count = bench.Options.Small ? 20 : Kernels;
        var builder = new GraphBuilder();
        var t = builder.Parameter(new(DType.Float32, [64, 64]));
        for (var i = 0; i < count; i++) t = builder.Sub(t, builder.Mean(t, [i & 1], keepDims: true));
        builder.AddRoot(t);
        Program(bench, $"program of {count} means", builder.Build());
    }

    private static double? Program(Bench bench, string name, Graph graph)
    {
        PreparedProgram program;
        try { program = PreparedProgram.Of(bench.Backend, bench.Session, graph); }
        catch (LazyHostException e)
        {
            bench.Report.Lack(name, e.Message);
            return null;
        }
        using (program)
        {
            bench.Report.Measure($"{name}: steps", "", () => program.StepCount);
            bench.Report.Measure($"{name}: device", "us/step", () => 1e6 * bench.Clock.OfDevice(program.Enqueue) / program.StepCount);
            return bench.Report.Measure($"{name}: host, launches", "us/step", () => 1e6 * bench.Clock.OfHost(program.Enqueue) / program.StepCount);
        }
    }

    /// <summary>The host's time of a captured step is what it spends outside the backend's call, and in it what telling the device all steps takes: the rest is waiting.</summary>
    private static async Task TrainingStepAsync(Bench bench)
    {
        const string Name = "captured training step";
        try
        {
            // The backend is the benchmark's own and stays open: the engine may dispose what it is given.
            var watched = new WatchedBackend(bench.Backend);
            await using var engine = new LazyEngine();
            var device = engine.AddBackend(watched, "ilgpu", "benchmark")[bench.Options.Ordinal];
            var step = TrainingStep.Make(device, bench.Options.Small);
            for (var i = 0; i < 5; i++) await Once();
            var graph = watched.Last!;
            var launches = Program(bench, Name, graph);
            using var program = PreparedProgram.Of(bench.Backend, bench.Session, graph);
            var outside = new List<double>();
            var whole = new List<double>();
            for (var i = 0; i < (bench.Options.Small ? 5 : 200); i++)
            {
                watched.Reset();
                var start = Stopwatch.GetTimestamp();
                await Once();
                var time = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                whole.Add(time / program.StepCount);
                outside.Add((time - watched.Microseconds) / program.StepCount);
            }
            bench.Report.Measure($"{Name}: whole, waiting included", "us/step", () => Median(whole));
            bench.Report.Measure($"{Name}: host, outside the backend", "us/step", () => Median(outside));
            bench.Report.Measure($"{Name}: host", "us/step", () => Median(outside) + launches!.Value, limit: 5, wanted: 100, isMost: true);

            async Task Once()
            {
                step();
                await device.WaitDeviceOpsAsync();
            }
        }
        catch (Exception e) when (e is LazyHostException or InvalidOperationException) { bench.Report.Lack(Name, e.Message); }
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}

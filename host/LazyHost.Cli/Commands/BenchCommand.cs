using System.CommandLine;
using LazyHost.Cli.Benchmarks;
using LazyHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Cli.Commands;

/// <summary><c>lazyhost bench</c>: times the workloads of the performance table, beside what the machine can do at most.</summary>
internal static class BenchCommand
{
    public static Command Make(CommonOptions common)
    {
        var filter = new Option<string>("--filter") { Description = "Only workloads whose name contains this text.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var seconds = new Option<double>("--seconds") { Description = "How long to time each workload.", HelpName = "S", DefaultValueFactory = _ => 2 };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out var s) && s is > 0 and < 3600)) result.AddError($"--seconds {token.Value}: write a number above 0");
        });
        var variant = new Option<string>("--variant") { Description = "Another way to run them: eager, each operator as it is called; captured, each step recorded once and replayed.", HelpName = "NAME" };
        variant.AcceptOnlyFromAmong("eager", "captured");
        var command = new Command("bench", "Times the workloads of the performance table.") { filter, seconds, variant, common.Metrics };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var workloads = Workloads.All().Where(w => w.Name.Contains(arguments.GetValue(filter)!, StringComparison.Ordinal)).ToList();
            if (workloads.Count == 0) throw new WrongUseException($"no workload's name contains '{arguments.GetValue(filter)}'; there are {string.Join(", ", Workloads.All().Select(w => w.Name))}");
            using var host = await CliHost.StartAsync(arguments, common, cancellationToken);
            var output = new Output(arguments.GetValue(common.Json));
            var device = host.Services.GetRequiredService<IDeviceCatalog>().Default;
            var threads = arguments.GetValue(common.Threads) ?? Environment.ProcessorCount;
            var system = $"lazyhost-{device.Id.Kind}";
            if (arguments.GetValue(variant) is { } name)
            {
                if (name == "eager") device.Mode = ExecutionMode.Eager;
                else workloads = workloads.ConvertAll(w => w.Captured());
                system += $"-{name}";
            }

            var (copy, peak) = (MachineLimits.CopyBandwidth(threads), MachineLimits.MultiplyAddPeak(threads));
            output.Result(new LimitLine("copy_bandwidth", threads, Math.Round(copy, 1), "GB/s"), $"copy bandwidth, {threads} threads: {copy:F1} GB/s read and written");
            output.Result(new LimitLine("multiply_add_peak", threads, Math.Round(peak, 1), "GFLOP/s"), $"multiply-add peak, {threads} threads: {peak:F1} GFLOP/s in f32");
            var failed = 0;
            foreach (var workload in workloads)
            {
                try
                {
                    var m = await Measurement.TakeAsync(workload, device, arguments.GetValue(seconds), cancellationToken);
                    output.Result(new TimeLine(workload.Name, system, threads, Math.Round(m.Median, 1), Math.Round(m.Least, 1), Math.Round(m.First), m.Runs),
                        $"{workload.Name,-36} median {m.Median,12:F1} us   least {m.Least,12:F1} us   first {m.First,12:F0} us   {m.Runs} runs");
                }
                catch (LazyHostException e)
                {
                    failed++;
                    output.Result(new ErrorLine(workload.Name, system, e.Message), $"{workload.Name,-36} failed: {e.Message}");
                }
            }
            await CliHost.StopAsync(host, arguments, common, cancellationToken);
            return failed > 0 ? 1 : 0;
        });
        return command;
    }

    private sealed record LimitLine(string Limit, int Threads, double Value, string Unit);

    private sealed record TimeLine(string Workload, string System, int Threads, double MedianUs, double MinUs, double FirstUs, int Runs);

    private sealed record ErrorLine(string Workload, string System, string Error);
}

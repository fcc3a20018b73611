using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LazyHost.GpuBenchmarks;

/// <summary>A table of what <c>lazyhost bench --json</c> and the same workloads in PyTorch wrote: a row for each workload, a column for each system.</summary>
internal static class ComparisonTable
{
    private const string Peer = "torch-";

    /// <summary>Reads JSON lines of files, those that are there, and makes the table; other lines are left out.</summary>
    public static string Of(IEnumerable<string> files)
    {
        var medians = new Dictionary<(string Workload, string System), double?>();
        foreach (var line in files.Where(File.Exists).SelectMany(File.ReadLines))
            if (Read(line) is { } read) medians[(read.Workload, read.System)] = read.Median;
        List<string> workloads = [.. medians.Keys.Select(key => key.Workload).Distinct()], systems = [.. medians.Keys.Select(key => key.System).Distinct()];
        var own = systems.FindAll(system => !system.StartsWith(Peer, StringComparison.Ordinal));
        var rows = new List<List<string>> { new(["median, us", .. systems, .. own.Select(system => $"{system} / PyTorch")]) };
        foreach (var workload in workloads)
        {
            double? Median(string system) => medians.GetValueOrDefault((workload, system));
            var best = systems.Except(own).Min(Median);
            rows.Add([workload, .. systems.Select(system => Text(Median(system), medians.ContainsKey((workload, system)) ? "failed" : "-", "F1")), .. own.Select(system => Text(Median(system) / best, "-", "F2"))]);
        }
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows) text.AppendLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))));
        text.AppendLine(CultureInfo.InvariantCulture, $"/ PyTorch: times the median of the better of PyTorch's; below 1 is faster.");
        return text.ToString();
    }

    private static string Text(double? value, string none, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? none;

    private static (string Workload, string System, double? Median)? Read(string line)
    {
        try
        {
            using var parsed = JsonDocument.Parse(line);
            if (!parsed.RootElement.TryGetProperty("workload", out var workload) || !parsed.RootElement.TryGetProperty("system", out var system)) return null;
            return (workload.GetString()!, system.GetString()!, parsed.RootElement.TryGetProperty("median_us", out var median) ? median.GetDouble() : null);
        }
        catch (JsonException) { return null; } // a line that its program was stopped in
    }
}

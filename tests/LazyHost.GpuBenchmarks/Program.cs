using LazyHost.Backends.Ilgpu;
using LazyHost.GpuBenchmarks;

var groups = new Dictionary<string, Func<Bench, Task>>
{
    ["copies"] = Now(CopyBenchmarks.Run),
    ["elementwise"] = Now(KernelBenchmarks.Elementwise),
    ["rows"] = Now(KernelBenchmarks.Rows),
    ["products"] = Now(ProductBenchmarks.Run),
    ["allocation"] = Now(AllocationBenchmarks.Run),
    ["host"] = HostTimeBenchmarks.RunAsync,
};
if (args is ["table", .. var files])
{
    Console.Write(ComparisonTable.Of(files));
    return 0;
}
if (Options.Read(args, groups.Keys) is not { } options) return 2;
await using var backend = new IlgpuBackend(options.Type, new());
if (options.Ordinal >= backend.Devices.Count)
{
    Console.Error.WriteLine($"there is no device {backend.Kind}:{options.Ordinal}: {string.Join("; ", backend.Notes)}");
    return 3;
}
var report = new Report(options.Json, hasVerdicts: !options.Small);
var device = backend.Devices[options.Ordinal];
report.Note($"{backend.Kind}:{options.Ordinal} {device.Name}{string.Concat(device.Details.Select(d => $", {d.Key} {d.Value}"))}{(options.Small ? "; small sizes: the numbers say nothing" : "")}");
var bench = new Bench(backend, options, report);
foreach (var (name, run) in groups)
{
    if (options.Groups.Count > 0 && !options.Groups.Contains(name)) continue;
    try { await run(bench); }
    catch (Exception e) { report.Lack(name, e.GetBaseException().Message); }
}
report.Note($"{report.Missing} not measured");
return 0;

static Func<Bench, Task> Now(Action<Bench> run) => bench =>
{
    run(bench);
    return Task.CompletedTask;
};

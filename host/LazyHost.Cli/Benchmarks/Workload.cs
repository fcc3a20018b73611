namespace LazyHost.Cli.Benchmarks;

/// <summary>Work to be timed: makes its inputs on a device and hands back one step, which records everything anew and returns its results.</summary>
internal sealed record Workload(string Name, Func<Device, Func<Tensor[]>> Make);

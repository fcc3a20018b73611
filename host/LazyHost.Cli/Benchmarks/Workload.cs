namespace LazyHost.Cli.Benchmarks;

/// <summary>Work to be timed: makes its inputs on a device and hands back one step, which records everything anew and returns its results.</summary>
internal sealed record Workload(string Name, Func<Device, Func<Tensor[]>> Make)
{
    /// <summary>The same work as a captured function, which records its step at the first run alone.</summary>
    public Workload Captured() => this with
    {
        Make = device =>
        {
            var step = Make(device);
            var captured = Lazy.Compile((Tensor[] _) => step(), Name);
            var where = Tensor.Zeros([], device); // says on which device it runs
            return () => captured.Run(where);
        },
    };
}

namespace LazyHost.GpuBenchmarks;

/// <summary>What memory costs the host: from the driver, and from the backend, which keeps it.</summary>
internal static class AllocationBenchmarks
{
    private const int Rents = 1000;

    public static void Run(Bench bench)
    {
        var (session, clock) = (bench.Session, bench.Clock);
        foreach (var size in bench.Options.Small ? (int[])[1 << 20] : [1 << 20, 64 << 20, 1 << 30])
            bench.Report.Measure($"memory of the driver, {CopyBenchmarks.Size(size)}, taken and given back", "us", () => 1e6 * clock.OfHost(() => session.Accelerator.Allocate1D<byte>(size).Dispose()));
        bench.Report.Measure("memory of the backend, 1 MiB, taken and given back", "us", () => 1e6 / Rents * clock.OfHost(() =>
        {
            for (var i = 0; i < Rents; i++) session.Memory.Rent(1 << 20).Dispose();
        }));
    }
}

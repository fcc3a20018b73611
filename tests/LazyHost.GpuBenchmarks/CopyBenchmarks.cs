using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.GpuBenchmarks;

/// <summary>What copies reach: the limit of everything that memory bounds.</summary>
internal static class CopyBenchmarks
{
    public static void Run(Bench bench)
    {
        var (session, clock, size) = (bench.Session, bench.Clock, bench.Large);
        bench.Report.Measure($"copy on the device, {Size(size)}, read + written", "GB/s", () => bench.CopyBandwidth / 1e9, MemoryBandwidth(bench) / 1e9);
        Kernel<float>(bench, "copy by a kernel, 4 bytes a thread");
        Kernel<Quad<float>>(bench, "copy by a kernel, 16 bytes a thread");
        using var memory = session.Memory.Rent(size);
        double? toDevice, toHost;
        using (var pinned = session.Accelerator.AllocatePageLocked1D<byte>(size, uninitialized: false))
        {
            toDevice = bench.Report.Measure($"copy to the device, {Size(size)}, pinned", "GB/s", () => size / clock.OfDevice(() => memory.View.CopyFromCPUUnsafeAsync(session.Stream, ref pinned.Span[0], size)) / 1e9);
            toHost = bench.Report.Measure($"copy to the host, {Size(size)}, pinned", "GB/s", () => size / clock.OfDevice(() => memory.View.CopyToCPUUnsafeAsync(session.Stream, ref pinned.Span[0], size)) / 1e9);
        }
        var bytes = new byte[size];
        bench.Report.Measure($"copy to the device, {Size(size)}, by the backend", "GB/s", () => size / clock.OfHost(() => session.Copies.ToDevice(bytes, memory.View)) / 1e9, toDevice);
        bench.Report.Measure($"copy to the host, {Size(size)}, by the backend", "GB/s", () => size / clock.OfHost(() => session.Copies.ToHost(memory.View, bytes)) / 1e9, toHost);
    }

    /// <summary>Bytes a second, read and written.</summary>
    public static double WithinDevice(Bench bench)
    {
        using var from = bench.Session.Memory.Rent(bench.Large);
        using var to = bench.Session.Memory.Rent(bench.Large);
        SomeNumbers.Fill(bench.Session, from.View, DType.Float32);
        return 2.0 * bench.Large / bench.Clock.OfDevice(() => to.View.CopyFrom(bench.Session.Stream, from.View));
    }

    private static void Kernel<T>(Bench bench, string name) where T : unmanaged => bench.Report.Measure(name, "GB/s", () =>
    {
        var session = bench.Session;
        var launch = session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<T>, ArrayView<T>>>(new Action<ArrayView<T>, ArrayView<T>>(Copy).Method);
        using var from = session.Memory.Rent(bench.Large);
        using var to = session.Memory.Rent(bench.Large);
        var (source, target) = (from.View.Cast<T>(), to.View.Cast<T>());
        return 2.0 * bench.Large / bench.Clock.OfDevice(() => launch(session.Stream, Grids.Each(source.Length), source, target)) / 1e9;
    }, bench.CopyBandwidth / 1e9);

    private static void Copy<T>(ArrayView<T> from, ArrayView<T> to) where T : unmanaged
    {
        var step = (long)Grid.DimX * Group.DimX;
        for (var i = ((long)Grid.IdxX * Group.DimX) + Group.IdxX; i < from.Length; i += step) to[i] = from[i];
    }

    /// <summary>A size as people write it.</summary>
    public static string Size(int bytes) => bytes >= 1 << 20 ? $"{bytes >> 20} MiB" : $"{bytes >> 10} KiB";

    /// <summary>What the memory's clock (in MHz, two bits a cycle and line) and width allow, in bytes a second, or null where it does not tell.</summary>
    private static double? MemoryBandwidth(Bench bench) =>
        bench.Session.Accelerator is CudaAccelerator { Device: CudaDevice { MemoryClockRate: > 0, MemoryBusWidth: > 0 } device } ? 2e6 * device.MemoryClockRate * device.MemoryBusWidth / 8 : null;
}

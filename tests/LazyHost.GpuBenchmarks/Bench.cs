using LazyHost.Backends.Ilgpu;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.GpuBenchmarks;

/// <summary>What every group of measurements has at hand.</summary>
internal sealed class Bench(IlgpuBackend backend, Options options, Report report)
{
    private double? copyBandwidth;

    public IlgpuBackend Backend { get; } = backend;

    public Options Options { get; } = options;

    public Report Report { get; } = report;

    public DeviceSession Session { get; } = backend.Session(options.Ordinal);

    public DeviceClock Clock { get; } = new(backend.Session(options.Ordinal), options.Small);

    /// <summary>The size of the large buffers, in bytes.</summary>
    public int Large { get; } = options.Small ? 1 << 18 : 256 << 20;

    /// <summary>Bytes a second, read and written, of a copy on the device: measured once, when it is first needed.</summary>
    public double CopyBandwidth => copyBandwidth ??= CopyBenchmarks.WithinDevice(this);
}

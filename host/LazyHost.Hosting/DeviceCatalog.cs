using Microsoft.Extensions.Options;

namespace LazyHost.Hosting;

/// <summary>The engine's devices.</summary>
internal sealed class DeviceCatalog(LazyEngine engine, PluginHost plugins, IOptions<LazyHostOptions> options) : IDeviceCatalog
{
    private const string Preferred = "simd:0";

    public Device Default
    {
        get
        {
            if (options.Value.DefaultDevice is { } name) return Get(name);
            var all = All;
            if (all.Count == 0) throw new UnknownDeviceException($"there is no device. {PluginSummary.Describe(plugins)}");
            return all.FirstOrDefault(d => d.Id.ToString() == Preferred) ?? all[0];
        }
    }

    public IReadOnlyList<Device> All => engine.Devices;

    public Device Get(string id) => engine.GetDevice(DeviceId.Parse(id));
}

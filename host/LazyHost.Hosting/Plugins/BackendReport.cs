using LazyHost.Backends;

namespace LazyHost.Hosting;

/// <summary>What is known of one backend of a plugin. It holds nothing of the plugin itself.</summary>
/// <param name="Kind">The kind of its devices: the part of <see cref="DeviceId"/> before the colon.</param>
/// <param name="Devices">Its devices by ordinal.</param>
/// <param name="Notes">What it has to say of the devices it looked for: why there are none, or what one lacks.</param>
public sealed record BackendReport(string Kind, IReadOnlyList<DeviceDescription> Devices, IReadOnlyList<string> Notes)
{
    /// <summary>The names of its devices.</summary>
    public IEnumerable<DeviceId> DeviceIds => Devices.Select((_, ordinal) => new DeviceId(Kind, ordinal));
}

namespace LazyHost.Hosting;

/// <summary>The devices of the loaded backends. Filled when the host starts; a device is also a keyed service under its name: <c>[FromKeyedServices("simd:0")] Device</c>.</summary>
public interface IDeviceCatalog
{
    /// <summary>The device named by the setting <c>LazyHost:DefaultDevice</c>; without it <c>simd:0</c>, or the first device where that is not there.</summary>
    /// <exception cref="UnknownDeviceException">There is no device; the message says what became of each plugin.</exception>
    Device Default { get; }

    /// <summary>All devices, in the order of their plugins and ordinals.</summary>
    IReadOnlyList<Device> All { get; }

    /// <summary>The device with a name such as <c>simd:0</c>, or <c>simd</c> for its first.</summary>
    /// <exception cref="UnknownDeviceException">There is none; the message lists those there are.</exception>
    Device Get(string id);
}

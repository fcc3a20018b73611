namespace LazyHost.Backends;

/// <summary>A piece of a device's memory. Disposing it gives it back; the host does so once, when no run needs it.</summary>
public interface IDeviceBuffer : IDisposable
{
    /// <summary>Its size in bytes: at least what was asked for.</summary>
    long ByteSize { get; }
}

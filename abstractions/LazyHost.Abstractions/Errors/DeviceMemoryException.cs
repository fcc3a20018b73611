namespace LazyHost;

/// <summary>A device that has no memory left for what a run needs.</summary>
public class DeviceMemoryException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public DeviceMemoryException(string message, Exception? inner = null) : base(message, inner) { }
}

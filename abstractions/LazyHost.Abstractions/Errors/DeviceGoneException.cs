namespace LazyHost;

/// <summary>A device whose backend has been disposed.</summary>
public class DeviceGoneException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public DeviceGoneException(string message, Exception? inner = null) : base(message, inner) { }
}

namespace LazyHost;

/// <summary>A device that no loaded backend offers, or text that names none.</summary>
public class UnknownDeviceException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public UnknownDeviceException(string message, Exception? inner = null) : base(message, inner) { }
}

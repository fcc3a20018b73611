namespace LazyHost;

/// <summary>A copy between host and device, or between devices, that failed.</summary>
public class TransferException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public TransferException(string message, Exception? inner = null) : base(message, inner) { }
}

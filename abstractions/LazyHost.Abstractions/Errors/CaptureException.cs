namespace LazyHost;

/// <summary>A function that cannot be captured as it is, or a captured function used against its rules.</summary>
public class CaptureException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public CaptureException(string message, Exception? inner = null) : base(message, inner) { }
}

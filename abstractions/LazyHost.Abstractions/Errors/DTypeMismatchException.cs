namespace LazyHost;

/// <summary>An element type that an operation cannot take.</summary>
public class DTypeMismatchException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public DTypeMismatchException(string message, Exception? inner = null) : base(message, inner) { }
}

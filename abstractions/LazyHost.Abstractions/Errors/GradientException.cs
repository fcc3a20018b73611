namespace LazyHost;

/// <summary>A gradient that cannot be computed.</summary>
public class GradientException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public GradientException(string message, Exception? inner = null) : base(message, inner) { }
}

namespace LazyHost;

/// <summary>A backend that cannot run an operator, with fallback forbidden or impossible.</summary>
public class UnsupportedOperatorException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public UnsupportedOperatorException(string message, Exception? inner = null) : base(message, inner) { }
}

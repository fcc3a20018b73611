namespace LazyHost;

/// <summary>A backend that failed to compile a segment.</summary>
public class CompilationException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public CompilationException(string message, Exception? inner = null) : base(message, inner) { }
}

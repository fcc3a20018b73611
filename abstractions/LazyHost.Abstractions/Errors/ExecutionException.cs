namespace LazyHost;

/// <summary>A run that failed on its device, or depended on one that did.</summary>
public class ExecutionException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public ExecutionException(string message, Exception? inner = null) : base(message, inner) { }
}

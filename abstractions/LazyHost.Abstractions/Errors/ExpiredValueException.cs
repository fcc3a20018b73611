namespace LazyHost;

/// <summary>A value that was not kept and can no longer be recomputed, because a variable it was computed from has been overwritten twice.</summary>
public class ExpiredValueException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public ExpiredValueException(string message, Exception? inner = null) : base(message, inner) { }
}

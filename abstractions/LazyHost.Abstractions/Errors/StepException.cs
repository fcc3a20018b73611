namespace LazyHost;

/// <summary>A step used against its rules.</summary>
public class StepException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public StepException(string message, Exception? inner = null) : base(message, inner) { }
}

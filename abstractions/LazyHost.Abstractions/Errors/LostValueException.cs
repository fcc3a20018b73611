namespace LazyHost;

/// <summary>A variable whose buffer was given to a run that then failed.</summary>
public class LostValueException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public LostValueException(string message, Exception? inner = null) : base(message, inner) { }
}

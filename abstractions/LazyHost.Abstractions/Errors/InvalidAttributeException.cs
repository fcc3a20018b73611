namespace LazyHost;

/// <summary>An operator was given an attribute it cannot take.</summary>
public class InvalidAttributeException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public InvalidAttributeException(string message, Exception? inner = null) : base(message, inner) { }
}

namespace LazyHost;

/// <summary>A file that is not what its format says.</summary>
public class InvalidFileException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public InvalidFileException(string message, Exception? inner = null) : base(message, inner) { }
}

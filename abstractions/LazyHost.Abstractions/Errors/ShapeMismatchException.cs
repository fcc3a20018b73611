namespace LazyHost;

/// <summary>Shapes that an operation cannot take.</summary>
public class ShapeMismatchException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public ShapeMismatchException(string message, Exception? inner = null) : base(message, inner) { }
}

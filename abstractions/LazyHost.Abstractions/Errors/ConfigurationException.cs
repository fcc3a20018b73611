namespace LazyHost;

/// <summary>Settings that LazyHost cannot start with; the message lists every fault with its path.</summary>
public class ConfigurationException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public ConfigurationException(string message, Exception? inner = null) : base(message, inner) { }
}

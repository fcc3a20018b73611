namespace LazyHost;

/// <summary>A plugin that cannot be loaded or used.</summary>
public class PluginException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public PluginException(string message, Exception? inner = null) : base(message, inner) { }
}

namespace TestPlugin;

/// <summary>An exception only this plugin knows.</summary>
public sealed class OwnException(string message, Exception? inner = null) : Exception(message, inner);

namespace LazyHost.Cli;

/// <summary>Switches that are well formed but make no sense together or here.</summary>
internal sealed class WrongUseException(string message) : Exception(message);

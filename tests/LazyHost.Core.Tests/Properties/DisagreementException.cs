namespace LazyHost.Tests.Properties;

/// <summary>A program did not do what it must.</summary>
internal sealed class DisagreementException(string message, Exception? inner = null) : Exception(message, inner);

namespace LazyHost.Tests.Properties;

/// <summary>An instruction makes no sense where it stands; it is left out.</summary>
internal sealed class RejectedException(string message) : Exception(message)
{
    public static void Unless(bool condition, string message)
    {
        if (!condition) throw new RejectedException(message);
    }
}

namespace LazyHost;

/// <summary>Whether operations are recorded for gradients.</summary>
public static class GradMode
{
    private static readonly AsyncLocal<bool> Disabled = new();

    /// <summary>True unless inside <see cref="NoGrad"/>.</summary>
    public static bool IsEnabled => !Disabled.Value;

    /// <summary>Operations recorded until the result is disposed need no gradients.</summary>
    public static IDisposable NoGrad()
    {
        var before = Disabled.Value;
        Disabled.Value = true;
        return new Restore(before);
    }

    /// <summary>The mode until the result is disposed of; null where it is that already.</summary>
    internal static IDisposable? Use(bool enabled)
    {
        if (enabled == IsEnabled) return null;
        Disabled.Value = !enabled;
        return new Restore(enabled);
    }

    private sealed class Restore(bool before) : IDisposable
    {
        public void Dispose() => Disabled.Value = before;
    }
}

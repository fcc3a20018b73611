namespace LazyHost;

/// <summary>The failure of a run. Runs that fail for want of its values have failures of their own, with this as their cause.</summary>
internal sealed class RunFailure(Device device, LazyHostException error, RunFailure? cause = null)
{
    private volatile bool observed;

    public Device Device { get; } = device;

    public LazyHostException Error { get; } = error;

    /// <summary>True once somebody has been told of it, or of what caused it: then neither log nor barrier tells it again.</summary>
    public bool IsObserved => observed || cause is { IsObserved: true };

    public void Observe()
    {
        observed = true;
        cause?.Observe();
    }
}

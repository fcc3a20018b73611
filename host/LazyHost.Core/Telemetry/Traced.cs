using System.Diagnostics;

namespace LazyHost;

/// <summary>An activity under way, or none. Ending it tells listeners, whose failures are their own and change nothing here.</summary>
internal readonly struct Traced(Activity? activity, Activity? outer) : IDisposable
{
    /// <summary>The activity, to put tags on; null where nobody listens.</summary>
    public Activity? Activity { get; } = activity;

    public void Dispose()
    {
        try { Activity?.Dispose(); }
        catch (Exception) { Activity.Current = outer; } // a listener that throws keeps it from being done
    }
}

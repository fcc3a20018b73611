using LazyHost.Backends;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>
/// The only object of the host that refers to a backend. Disposing it clears every buffer and program made by the backend, then disposes the backend, after
/// which nothing of the plugin is referenced any more. Exceptions leaving the backend become the host's own, so that keeping one keeps no plugin loaded.
/// </summary>
internal sealed class BackendHost(IBackend backend, string pluginId, string buildIdentity, string kind, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private IBackend? backend = backend;
    private Payload? first;

    public string PluginId { get; } = pluginId;

    public string Kind { get; } = kind;

    /// <summary>What identifies the code it makes: the build of the plugin and the features of its devices.</summary>
    public string Identity { get; } = $"{pluginId}|{buildIdentity}|{backend.Fingerprint}";

    public IBackend Backend => backend ?? throw new DeviceGoneException($"the backend '{PluginId}' has been unloaded; its devices can no longer be used");

    public void Register(Payload payload)
    {
        lock (gate)
        {
            payload.Next = first;
            if (first is not null) first.Previous = payload;
            first = payload;
        }
    }

    /// <summary>Takes a payload off the list and clears it; does nothing the second time.</summary>
    public void Release(Payload payload)
    {
        lock (gate)
        {
            if (payload.Previous is null && payload != first) return;
            Unlink(payload);
        }
        Clear(payload);
    }

    /// <summary>The payloads of a kind, as they are now.</summary>
    public List<T> Payloads<T>() where T : Payload
    {
        lock (gate)
        {
            var list = new List<T>();
            for (var p = first; p is not null; p = p.Next)
                if (p is T match) list.Add(match);
            return list;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IBackend? gone;
        lock (gate) (gone, backend) = (backend, null);
        if (gone is null) return;
        for (; ; )
        {
            Payload? payload;
            lock (gate)
            {
                payload = first;
                if (payload is null) break;
                Unlink(payload);
            }
            Clear(payload);
        }
        try { await gone.DisposeAsync().ConfigureAwait(false); }
        catch (Exception e) { throw Translate(e, message => new PluginException($"disposing the backend '{PluginId}' failed: {message}")); }
    }

    /// <summary>Makes an exception of the host's from one that came out of the backend: same text, no object of the plugin's.</summary>
    public static Exception Translate(Exception e, Func<string, LazyHostException> wrap) => e switch
    {
        OperationCanceledException cancelled => new OperationCanceledException(cancelled.CancellationToken),
        UnsupportedOperatorException u => new UnsupportedOperatorException(u.Reason).At(u.Operator, u.CallSite),
        DeviceMemoryException m => new DeviceMemoryException(m.Reason),
        DeviceGoneException g => new DeviceGoneException(g.Reason),
        LazyHostException l => wrap(l.Reason).At(l.Operator, l.CallSite),
        _ => wrap($"{e.GetType().Name}: {e.Message}"),
    };

    /// <summary>Whatever the plugin does wrong in giving something back harms neither the run that let go of it nor the finalizer thread.</summary>
    private void Clear(Payload payload)
    {
        try { payload.Clear(); }
        catch (Exception e) { Log.ReleaseFailed(logger, PluginId, $"{e.GetType().Name}: {e.Message}"); }
    }

    private void Unlink(Payload payload)
    {
        if (payload.Next is not null) payload.Next.Previous = payload.Previous;
        if (payload.Previous is not null) payload.Previous.Next = payload.Next;
        else first = payload.Next;
        payload.Next = payload.Previous = null;
    }
}

using System.Runtime.InteropServices;
using LazyHost.Backends;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>
/// The only object of the host that refers to a backend. Disposing it clears every buffer and program made by the backend, then disposes the backend, after
/// which nothing of the plugin is referenced any more. Exceptions leaving the backend become the host's own, so that keeping one keeps no plugin loaded.
/// </summary>
internal sealed class BackendHost(IBackend backend, string pluginId, string buildIdentity, string kind, ILogger logger) : IAsyncDisposable
{
    /// <summary>Added to the number of users while nobody new may enter.</summary>
    private const int Closed = int.MinValue;

    private readonly object gate = new();
    private IBackend? backend = backend;
    private Payload? first;
    private TaskCompletionSource quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? disposal;
    private int users, closers, clearing;

    public string PluginId { get; } = pluginId;

    public string Kind { get; } = kind;

    /// <summary>What identifies the code it makes: the build of the plugin and the features of its devices.</summary>
    public string Identity => $"{Build}|{Fingerprint}";

    /// <summary>The build of the plugin, and of what it shares with the host.</summary>
    public string Build { get; } = $"{pluginId}|{buildIdentity}|{backend.GetType().Module.ModuleVersionId:n}|{typeof(IBackend).Module.ModuleVersionId:n}|{Environment.Version}|{RuntimeInformation.ProcessArchitecture}";

    /// <summary>The features of its devices and its own options.</summary>
    public string Fingerprint { get; } = backend.Fingerprint;

    public IBackend Backend => backend ?? throw new DeviceGoneException($"the backend '{PluginId}' has been unloaded; its devices can no longer be used");

    /// <summary>The work under way: uses of programs, compilations, copies.</summary>
    public int Users => Volatile.Read(ref users) & int.MaxValue;

    /// <summary>Begins some work, during which the backend stays; ended by <see cref="Leave"/>. False where it is going or gone.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref users) > 0) return true;
        Leave();
        return false;
    }

    /// <summary>Begins some work, during which the backend stays; ended by <see cref="Leave"/>.</summary>
    /// <exception cref="DeviceGoneException">It is going or gone.</exception>
    public void Enter()
    {
        if (!TryEnter()) throw new DeviceGoneException($"the backend '{PluginId}' {(backend is null ? "has been" : "is being")} unloaded; its devices can no longer be used");
    }

    /// <summary>For work under way that may never end by itself.</summary>
    /// <exception cref="DeviceGoneException">It is going.</exception>
    public void ThrowIfClosing()
    {
        if (Volatile.Read(ref users) < 0) throw new DeviceGoneException($"the backend '{PluginId}' is being unloaded");
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref users) != Closed) return;
        lock (gate)
            if (Volatile.Read(ref users) == Closed) quiet.TrySetResult(); // not where it was opened again meanwhile
    }

    /// <summary>Lets nobody begin work any more. The task completes when what is under way is over.</summary>
    public Task Close()
    {
        lock (gate)
        {
            if (closers++ == 0)
            {
                quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
                if (Interlocked.Add(ref users, Closed) == Closed) quiet.SetResult();
            }
            return quiet.Task;
        }
    }

    /// <summary>Takes a <see cref="Close"/> back whose task nobody has seen complete.</summary>
    public void Reopen()
    {
        lock (gate)
            if (--closers == 0) Interlocked.Add(ref users, Closed); // twice the least number is 0
    }

    /// <summary>Lists something of the backend's, to be cleared with it.</summary>
    /// <exception cref="DeviceGoneException">The backend has gone meanwhile; the payload has been cleared.</exception>
    public void Register(Payload payload)
    {
        lock (gate)
        {
            if (backend is not null)
            {
                payload.Next = first;
                if (first is not null) first.Previous = payload;
                first = payload;
                return;
            }
        }
        Clear(payload);
        _ = Backend;
    }

    /// <summary>Takes a payload off the list and clears it; does nothing the second time.</summary>
    public void Release(Payload payload)
    {
        lock (gate)
        {
            if (payload.Previous is null && payload != first) return;
            Unlink(payload);
            clearing++;
        }
        Clear(payload);
        lock (gate)
            if (--clearing == 0) Monitor.PulseAll(gate);
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

    /// <summary>Clears every payload and disposes the backend. To be called when it is closed and quiet; whoever calls it again waits for the same disposal.</summary>
    public ValueTask DisposeAsync()
    {
        lock (gate) return new(disposal ??= Task.Run(ClearAndDisposeAsync));
    }

    private async Task ClearAndDisposeAsync()
    {
        IBackend gone;
        lock (gate) (gone, backend) = (Backend, null);
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
        lock (gate)
            while (clearing > 0) Monitor.Wait(gate); // others are in the middle of giving something back
        try { await gone.DisposeAsync().ConfigureAwait(false); }
        catch (Exception e) { throw Translate(e, message => new PluginException($"disposing the backend '{PluginId}' failed: {message}")); }
    }

    /// <summary>Makes an exception of the host's from one that came out of the backend: same text, no object of the plugin's.</summary>
    public static Exception Translate(Exception e, Func<string, LazyHostException> wrap) => e switch
    {
        OperationCanceledException cancelled => new OperationCanceledException(cancelled.CancellationToken),
        UnsupportedOperatorException u => new UnsupportedOperatorException(u.Reason).At(u.Operator, u.CallSite),
        DeviceMemoryException m => new DeviceMemoryException(m.Reason).At(m.Operator, m.CallSite),
        DeviceGoneException g => new DeviceGoneException(g.Reason).At(g.Operator, g.CallSite),
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

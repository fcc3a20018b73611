using LazyHost.Backends;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost;

/// <summary>
/// Devices, executor and caches, without container or plugin loading: what the host builds and users rarely see. Several may live in one process; nothing is
/// shared between them.
/// </summary>
public sealed class LazyEngine : IAsyncDisposable
{
    private readonly AsyncLocal<Flow?> flow = new();
    private readonly List<Device> devices = [];
    private readonly Dictionary<string, long> identities = [];
    private readonly ILogger logger;
    private readonly ComputationCache cache;
    private long sequence;
    private int deviceIndex;

    /// <summary>Makes an engine without devices.</summary>
    public LazyEngine(LazyEngineOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        Options = options ?? new();
        logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LazyHost.Executor");
        DataCaches = new(Options.DataCacheEntries);
        Metrics = new(this);
        cache = new(Options.CacheEntries, Options.CacheBytes);
        Executor = new(this, new SegmentCompiler(this, logger), cache, logger);
    }

    /// <summary>Its settings.</summary>
    public LazyEngineOptions Options { get; }

    /// <summary>Counters and times.</summary>
    public LazyMetrics Metrics { get; }

    /// <summary>Its devices, in the order they were added.</summary>
    public IReadOnlyList<Device> Devices
    {
        get { lock (devices) return [.. devices]; }
    }

    /// <summary>The number of compiled segments kept, and the bytes they hold.</summary>
    public (int Entries, long Bytes) ComputationCache => (cache.Count, cache.Bytes);

    internal ILogger Logger => logger;

    internal ComputationCache Programs => cache;

    internal LazyGraphExecutor Executor { get; }

    internal DeviceContextArena Contexts { get; } = new();

    internal DataCacheArena DataCaches { get; }

    internal DeviceLockerArena Lockers { get; } = new();

    /// <summary>Adds the devices of a backend, which the engine now owns.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="pluginId">The plugin it comes from, for messages and keys.</param>
    /// <param name="buildIdentity">What identifies its build, for keys.</param>
    /// <param name="kind">The kind its devices are known by, where not the one it declares.</param>
    /// <exception cref="PluginException">Another backend offers the same kind of device.</exception>
    public IReadOnlyList<Device> AddBackend(IBackend backend, string pluginId, string buildIdentity, string? kind = null)
    {
        var host = new BackendHost(backend, pluginId, buildIdentity, kind ?? backend.Kind, logger);
        lock (devices)
        {
            if (devices.Find(d => d.Id.Kind == host.Kind) is { } other)
                throw new PluginException($"plugin '{pluginId}' offers devices of kind '{host.Kind}', which plugin '{other.PluginId}' offers already; disable one of them");
            var added = new List<Device>();
            for (var i = 0; i < backend.Devices.Count; i++)
                added.Add(new(this, host, new(host.Kind, i), backend.Devices[i], deviceIndex++, Budget(backend.Devices[i])));
            devices.AddRange(added);
            return added;
        }
    }

    /// <summary>The device of a name.</summary>
    /// <exception cref="UnknownDeviceException">There is none; the message lists those there are.</exception>
    public Device GetDevice(DeviceId id)
    {
        lock (devices)
            return devices.Find(d => d.Id == id) ?? throw new UnknownDeviceException($"there is no device {id}; there {(devices.Count == 0 ? "are none" : $"is {string.Join(", ", devices)}")}");
    }

    /// <summary>Takes a plugin's backend out: waits for its runs, drops its programs, clears every buffer, and disposes it. Tensors on it can no longer be used,
    /// but those in managed memory keep their values.</summary>
    public async Task RemoveBackendAsync(string pluginId, CancellationToken cancellationToken = default)
    {
        List<Device> gone;
        lock (devices)
        {
            gone = devices.FindAll(d => d.PluginId == pluginId);
            devices.RemoveAll(gone.Contains);
        }
        if (gone.Count == 0) return;
        foreach (var device in gone) await device.Queue.DrainAsync(cancellationToken).ConfigureAwait(false);
        await RetireAsync(gone).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<Device> gone;
        lock (devices)
        {
            gone = [.. devices];
            devices.Clear();
        }
        foreach (var group in gone.GroupBy(d => d.Host)) await RetireAsync([.. group]).ConfigureAwait(false);
        Metrics.Dispose();
    }

    internal long NextSequence() => Interlocked.Increment(ref sequence);

    internal long IdentityNumber(string identity)
    {
        lock (identities)
        {
            if (!identities.TryGetValue(identity, out var number)) identities.Add(identity, number = identities.Count + 1);
            return number;
        }
    }

    /// <summary>The calling flow's tape, or null where it has recorded nothing since the last boundary.</summary>
    internal Tape? CurrentTape(Device device) => flow.Value?.On(device);

    /// <summary>The calling flow's tape, with a flow begun where there is none.</summary>
    internal Tape FlowTape(Device device) => (flow.Value ??= new Flow()).On(device);

    /// <summary>Forgets the calling flow at a boundary, so that work begun after it gets flows of its own.</summary>
    internal void ReleaseFlow()
    {
        if (flow.Value is { IsBusy: false }) flow.Value = null;
    }

    internal IDisposable Fork()
    {
        var before = flow.Value;
        flow.Value = new Flow();
        return new Restore(this, before);
    }

    private async Task RetireAsync(List<Device> gone)
    {
        foreach (var device in gone) await device.Queue.DisposeAsync().ConfigureAwait(false);
        // No run, on whichever thread, may be under way while programs and buffers go.
        using (Lockers.LockDevices(gone.Select(d => d.Id), CancellationToken.None))
        {
            cache.Clear(c => gone.Exists(d => d.Host == c.Computation.Host));
            foreach (var device in gone)
            {
                DataCaches.Remove(device.DataCache);
                Contexts.Remove(device.Id);
                Lockers.Remove(device.Id);
            }
            await gone[0].Host.DisposeAsync().ConfigureAwait(false);
        }
    }

    private long Budget(DeviceDescription device) => Options.MemoryBudget > 0 ? Options.MemoryBudget
        : device.MemoryBytes > 0 ? device.MemoryBytes * 9 / 10
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    private sealed class Restore(LazyEngine engine, Flow? before) : IDisposable
    {
        public void Dispose() => engine.flow.Value = before;
    }
}

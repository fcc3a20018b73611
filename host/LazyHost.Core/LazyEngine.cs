using LazyHost.Backends;
using LazyHost.Operators;
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
    private readonly List<BackendHost> stuck = [];
    private readonly Dictionary<string, long> identities = [];
    private readonly ILogger logger;
    private readonly ComputationCache cache;
    private long sequence;
    private int deviceIndex;

    /// <summary>Makes an engine without devices.</summary>
    /// <exception cref="ConfigurationException"><see cref="LazyEngineOptions.ForcedFallback"/> names an operator that does not exist, or a mode or format is none.</exception>
    public LazyEngine(LazyEngineOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        Options = options ?? new();
        Require(nameof(Options.Mode), Options.Mode);
        Require(nameof(Options.DumpFormat), Options.DumpFormat);
        if (Options.ForcedFallback.FirstOrDefault(name => OperatorCatalog.Find(name) is null) is { } unknown)
            throw new ConfigurationException($"there is no operator '{unknown}' to force down the fallback chain; register operators of the program's own before the engine is made");
        logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("LazyHost.Executor");
        if (Options.DumpFile is { } file) DumpFile = new(file, Options.DumpFormat, logger);
        DataCaches = new(Options.DataCacheEntries);
        Loops = new(Options.CacheEntries);
        Metrics = new(this);
        cache = new(Options.CacheEntries, Options.CacheBytes);
        CompileHistory = new(Metrics.Meter);
        if (Options.CacheDirectory is { } directory) ProgramDirectory = new(directory, Options.CacheDirectoryBytes, Metrics, logger);
        CompileLimit = new(Options.MaxCompiles);
        AsyncClosures = new(() => Metrics.StepClosureException.Add(1));
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

    /// <summary>The compiled segments.</summary>
    public ComputationCache ComputationCache => cache;

    /// <summary>What was compiled, and why.</summary>
    public CompileHistory CompileHistory { get; }

    /// <summary>How many segments may be compiled: at first <see cref="LazyEngineOptions.MaxCompiles"/>. A program that has warmed up calls its
    /// <see cref="CompileLimit.Forbid"/>.</summary>
    public CompileLimit CompileLimit { get; }

    internal ILogger Logger => logger;

    /// <summary>Where closed segments are written, or null.</summary>
    internal SegmentDumpFile? DumpFile { get; }

    /// <summary>Where programs are kept for later processes, or null.</summary>
    internal ProgramDirectory? ProgramDirectory { get; }

    internal LazyGraphExecutor Executor { get; }

    internal AsyncClosures AsyncClosures { get; }

    internal LoopForms Loops { get; }

    /// <summary>Held while a function is captured.</summary>
    internal Lock Capturing { get; } = new();

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
            RefreshFallback();
            if (ProgramDirectory is not null && backend is not IExecutableSerializer) Log.CannotKeepPrograms(logger, pluginId);
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

    /// <summary>Takes a plugin's backend out: lets nothing new begin on it, waits for what is under way, drops its programs, clears every buffer, and disposes it.
    /// Tensors on it can no longer be used, but those in managed memory keep their values. Whoever uses it from now on is told by a
    /// <see cref="DeviceGoneException"/>. Its kind of device is free when the backend is quiet, before it is disposed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the backend is in use again.</exception>
    public async Task RemoveBackendAsync(string pluginId, CancellationToken cancellationToken = default)
    {
        foreach (var host in Devices.Where(d => d.PluginId == pluginId).Select(d => d.Host).Distinct())
        {
            var quiet = host.Close();
            try { await quiet.WaitAsync(cancellationToken).ConfigureAwait(false); }
            catch (OperationCanceledException)
            {
                host.Reopen();
                throw;
            }
            await RetireAsync(host, Unlist(host)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes every backend out, as <see cref="RemoveBackendAsync"/> does, but waits, first for step closures, only until the token is cancelled. A backend that is still at work
    /// then is neither cleared nor disposed, since its work uses its memory: runs that wait for it fail, and it is taken out when the work is over, if
    /// that ever happens. Until then <see cref="StillRunning"/> names its plugin, which must stay loaded.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await AsyncClosures.StopAsync(cancellationToken).ConfigureAwait(false);
        if (AsyncClosures.TakeError() is { } failed) Log.ClosureFailed(logger, $"{failed.GetType().Name}: {failed.Message}");
        var devices = Devices;
        var hosts = devices.Select(d => d.Host).Distinct().ToList();
        await Task.WhenAll(hosts.Select(host => StopAsync(host, host.Close(), cancellationToken))).ConfigureAwait(false);
        foreach (var device in devices) Executor.ReportFailures(device);
    }

    /// <summary>The plugins whose backends were still at work when the engine was stopped.</summary>
    public IReadOnlyList<string> StillRunning
    {
        get { lock (stuck) return [.. stuck.Select(host => host.PluginId)]; }
    }

    /// <summary>Stops the engine, waiting <see cref="LazyEngineOptions.DrainTimeout"/> at most.</summary>
    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(Options.DrainTimeout);
        await StopAsync(timeout.Token).ConfigureAwait(false);
        Metrics.Dispose();
    }

    /// <summary>Waits until all work handed to devices, or to these, is done, and throws the first failure that nobody has been told of.</summary>
    /// <exception cref="ExecutionException">A run failed, and no read of a result of it has said so.</exception>
    public async Task WaitDeviceOpsAsync(IEnumerable<Device>? devices = null, CancellationToken cancellationToken = default)
    {
        List<RunFailure> failures = [];
        foreach (var device in devices?.ToArray() ?? [.. Devices])
        {
            await device.Queue.DrainAsync(cancellationToken).ConfigureAwait(false);
            failures.AddRange(device.Context.TakeFailures());
        }
        foreach (var failure in failures.Skip(1)) Log.RunFailed(logger, failure.Device.Id, failure.Error.Message);
        if (failures.Count > 0) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures[0].Error);
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

    /// <summary>The calling flow, or null where it has recorded nothing since the last boundary and is in no scope.</summary>
    internal Flow? CurrentFlow => flow.Value;

    /// <summary>The calling flow's tape, or null where it has recorded nothing since the last boundary.</summary>
    internal Tape? CurrentTape(Device device) => flow.Value?.Current(device);

    /// <summary>The calling flow's tape, with a flow begun where there is none.</summary>
    internal Tape FlowTape(Device device) => BeginFlow().On(device);

    /// <summary>The calling flow, begun where there is none.</summary>
    internal Flow BeginFlow()
    {
        var current = flow.Value;
        return current is { IsOver: false } ? current : flow.Value = current?.Next() ?? new Flow();
    }

    /// <summary>Ends the calling flow at a boundary, so that work begun after it gets flows of its own.</summary>
    internal void ReleaseFlow() => flow.Value?.Release();

    internal IDisposable Fork()
    {
        var before = flow.Value;
        flow.Value = before?.Fork() ?? new Flow();
        return new Undo(() => flow.Value = before);
    }

    private async Task StopAsync(BackendHost host, Task quiet, CancellationToken cancellationToken)
    {
        try { await quiet.WaitAsync(cancellationToken).ConfigureAwait(false); }
        catch (OperationCanceledException)
        {
            var gone = Unlist(host);
            foreach (var device in gone) device.Queue.Abandon();
            if (!quiet.IsCompleted)
            {
                Log.StillRunning(logger, host.PluginId, host.Users);
                lock (stuck) stuck.Add(host);
                _ = RetireLaterAsync(host, gone, quiet);
                return;
            }
            await RetireAsync(host, gone).ConfigureAwait(false);
            return;
        }
        await RetireAsync(host, Unlist(host)).ConfigureAwait(false);
    }

    private async Task RetireLaterAsync(BackendHost host, List<Device> gone, Task quiet)
    {
        await quiet.ConfigureAwait(false);
        try { await RetireAsync(host, gone).ConfigureAwait(false); }
        catch (LazyHostException e) { Log.ReleaseFailed(logger, host.PluginId, e.Message); }
        lock (stuck) stuck.Remove(host);
    }

    private List<Device> Unlist(BackendHost host)
    {
        lock (devices)
        {
            var gone = devices.FindAll(d => d.Host == host);
            devices.RemoveAll(gone.Contains);
            RefreshFallback();
            return gone;
        }
    }

    /// <summary>Lets go of a backend on which nothing is under way and nothing can begin.</summary>
    private async Task RetireAsync(BackendHost host, List<Device> gone)
    {
        foreach (var device in gone) await device.Queue.DisposeAsync().ConfigureAwait(false);
        cache.Remove(c => c.Computation.IsOf(host));
        foreach (var device in gone)
        {
            device.Samples.Remove();
            DataCaches.Remove(device.DataCache);
            Contexts.Remove(device.Id, device.Context);
            Lockers.Remove(device.Id, device.Locker);
        }
        await host.DisposeAsync().ConfigureAwait(false);
    }

    private void RefreshFallback()
    {
        foreach (var device in devices) device.Fallback = new(device, devices);
    }

    private static void Require<T>(string option, T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ConfigurationException($"{nameof(LazyEngineOptions)}.{option} is {value}; there are {string.Join(", ", Enum.GetNames<T>())}");
    }

    private long Budget(DeviceDescription device) => Options.MemoryBudget > 0 ? Options.MemoryBudget
        : device.MemoryBytes > 0 ? device.MemoryBytes * 9 / 10
        : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}

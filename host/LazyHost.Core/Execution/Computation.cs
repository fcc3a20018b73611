using LazyHost.Backends;

namespace LazyHost;

/// <summary>
/// A compiled program as the host holds it: one of a backend, parts of several, or a loop of programs. Freed when the cache has dropped it and no run uses it. Whoever uses it
/// keeps its backends from going away.
/// </summary>
internal sealed class Computation : Payload
{
    private IExecutable? executable;
    private int uses = 1;

    /// <summary>A program of one backend, which lists it.</summary>
    public Computation(BackendHost host, IExecutable executable)
    {
        (Host, this.executable) = (host, executable);
        (WorkspaceBytes, EstimatedOperations, KernelCount, ProgramBytes) = (executable.WorkspaceBytes, executable.EstimatedOperations, executable.KernelCount, executable.ProgramBytes);
        IsAssembled = executable.NewKernelCount == 0;
        MayAlias = [.. executable.MayAlias];
        host.Register(this);
    }

    /// <summary>A program in parts, for a device of this host.</summary>
    public Computation(BackendHost host, PartitionedProgram parts) : this(host, Array.ConvertAll(parts.Parts, static part => part.Computation)) => Parts = parts;

    /// <summary>A loop, for a device of this host.</summary>
    public Computation(BackendHost host, LoopProgram loop) : this(host, loop.Programs) => Loop = loop;

    private Computation(BackendHost host, Computation[] children)
    {
        // Never small: a run that takes several devices, or turns nobody knows how often, belongs in the queue.
        (Host, Children, MayAlias, EstimatedOperations) = (host, children, [], long.MaxValue);
        (KernelCount, ProgramBytes) = (children.Sum(child => child.KernelCount), children.Sum(child => child.ProgramBytes));
        IsAssembled = Array.TrueForAll(children, static child => child.IsAssembled);
    }

    public BackendHost Host { get; }

    /// <summary>The parts, where some of it falls back to other devices; else null.</summary>
    public PartitionedProgram? Parts { get; }

    /// <summary>The loop it is, or null.</summary>
    public LoopProgram? Loop { get; }

    /// <summary>The programs it consists of; none for a program of one backend.</summary>
    public Computation[] Children { get; } = [];

    /// <summary>Device memory for temporaries of one run. Parts and loops take their own.</summary>
    public long WorkspaceBytes { get; }

    public long EstimatedOperations { get; }

    public int KernelCount { get; }

    /// <summary>True where no code was made for it: its kernels were there, for other sizes or from other programs.</summary>
    public bool IsAssembled { get; }

    public long ProgramBytes { get; }

    public AliasPair[] MayAlias { get; }

    public IExecutable Executable => executable ?? throw new DeviceGoneException($"a program of the backend '{Host.PluginId}' was used after it was unloaded");

    public string Dump() => Loop is not null ? Loop.Dump() : Parts is null ? Executable.Dump()
        : string.Concat(Parts.Parts.Select((part, i) => $"part {i + 1} of {Parts.Parts.Length}: {part}\n{part.Computation.Dump()}"));

    /// <summary>The program as text, or null once it has been freed.</summary>
    /// <exception cref="CompilationException">The backend failed.</exception>
    public string? TryDump()
    {
        if (Volatile.Read(ref uses) == 0 || !TryUse()) return null;
        try { return Dump(); }
        catch (Exception e) { throw BackendHost.Translate(e, message => new CompilationException($"the backend '{Host.PluginId}' failed to show a program: {message}")); }
        finally { Unuse(); }
    }

    /// <summary>Adds the devices that run it, beside the one it is a program of.</summary>
    public void AddDevices(HashSet<DeviceId> devices)
    {
        foreach (var part in Parts?.Parts ?? []) devices.Add(part.Device.Id);
        foreach (var child in Children) child.AddDevices(devices);
    }

    /// <summary>True for a program some of which is of this backend.</summary>
    public bool IsOf(BackendHost host) => Host == host || Array.Exists(Children, child => child.IsOf(host));

    /// <summary>Counts a use. False where a backend it needs is going or gone.</summary>
    public bool TryUse()
    {
        if (!Host.TryEnter()) return false;
        for (var i = 0; i < Children.Length; i++)
            if (!Children[i].TryUse())
            {
                while (--i >= 0) Children[i].Unuse();
                Host.Leave();
                return false;
            }
        Interlocked.Increment(ref uses);
        return true;
    }

    /// <summary>Keeps it from being freed until <see cref="Drop"/>, other than by its backend's removal; the caller has counted a use.</summary>
    public void Retain() => Interlocked.Increment(ref uses);

    /// <summary>Ends a use.</summary>
    public void Unuse()
    {
        foreach (var child in Children) child.Unuse();
        Drop();
        Host.Leave();
    }

    /// <summary>The cache lets go of it.</summary>
    public void Drop()
    {
        if (Interlocked.Decrement(ref uses) > 0) return;
        if (Parts is null && Loop is null) Host.Release(this);
        foreach (var child in Children) child.Drop();
    }

    internal override void Clear() => Interlocked.Exchange(ref executable, null)?.Dispose();
}

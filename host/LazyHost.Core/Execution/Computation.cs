using LazyHost.Backends;

namespace LazyHost;

/// <summary>
/// A compiled program as the host holds it: one of a backend, or parts of several. Freed when the cache has dropped it and no run uses it. Whoever uses it
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
        MayAlias = [.. executable.MayAlias];
        host.Register(this);
    }

    /// <summary>A program in parts, for a device of this host.</summary>
    public Computation(BackendHost host, PartitionedProgram parts)
    {
        // Never small: a run that takes several devices belongs in the queue.
        (Host, Parts, MayAlias, EstimatedOperations) = (host, parts, [], long.MaxValue);
        foreach (var part in parts.Parts)
        {
            KernelCount += part.Computation.KernelCount;
            ProgramBytes += part.Computation.ProgramBytes;
        }
    }

    public BackendHost Host { get; }

    /// <summary>The parts, where some of it falls back to other devices; else null.</summary>
    public PartitionedProgram? Parts { get; }

    /// <summary>Device memory for temporaries of one run. Parts take their own.</summary>
    public long WorkspaceBytes { get; }

    public long EstimatedOperations { get; }

    public int KernelCount { get; }

    public long ProgramBytes { get; }

    public AliasPair[] MayAlias { get; }

    public IExecutable Executable => executable ?? throw new DeviceGoneException($"a program of the backend '{Host.PluginId}' was used after it was unloaded");

    public string Dump() => Parts is null ? Executable.Dump()
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

    /// <summary>True for a program some of which is of this backend.</summary>
    public bool IsOf(BackendHost host) => Host == host || (Parts is not null && Array.Exists(Parts.Parts, part => part.Computation.Host == host));

    /// <summary>Counts a use. False where a backend it needs is going or gone.</summary>
    public bool TryUse()
    {
        if (!Host.TryEnter()) return false;
        for (var i = 0; i < Parts?.Parts.Length; i++)
            if (!Parts.Parts[i].Computation.TryUse())
            {
                while (--i >= 0) Parts.Parts[i].Computation.Unuse();
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
        for (var i = 0; i < Parts?.Parts.Length; i++) Parts.Parts[i].Computation.Unuse();
        Drop();
        Host.Leave();
    }

    /// <summary>The cache lets go of it.</summary>
    public void Drop()
    {
        if (Interlocked.Decrement(ref uses) > 0) return;
        if (Parts is null) Host.Release(this);
        else
            foreach (var part in Parts.Parts) part.Computation.Drop();
    }

    internal override void Clear() => Interlocked.Exchange(ref executable, null)?.Dispose();
}

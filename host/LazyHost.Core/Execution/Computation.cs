using LazyHost.Backends;

namespace LazyHost;

/// <summary>A compiled program as the host holds it: freed when the cache has dropped it and no run uses it.</summary>
internal sealed class Computation(BackendHost host, IExecutable executable) : Payload
{
    private IExecutable? executable = executable;
    private int uses = 1;

    public BackendHost Host { get; } = host;

    public long WorkspaceBytes { get; } = executable.WorkspaceBytes;

    public long EstimatedOperations { get; } = executable.EstimatedOperations;

    public int KernelCount { get; } = executable.KernelCount;

    public long ProgramBytes { get; } = executable.ProgramBytes;

    public AliasPair[] MayAlias { get; } = [.. executable.MayAlias];

    public IExecutable Executable => executable ?? throw new DeviceGoneException($"a program of the backend '{Host.PluginId}' was used after it was unloaded");

    public string Dump() => Executable.Dump();

    public void Use() => Interlocked.Increment(ref uses);

    public void Unuse()
    {
        if (Interlocked.Decrement(ref uses) == 0) Host.Release(this);
    }

    internal override void Clear() => Interlocked.Exchange(ref executable, null)?.Dispose();
}

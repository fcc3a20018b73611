namespace LazyHost;

/// <summary>The right to run on a device: taken by one thread or task, perhaps given back by another. It carries no error: errors belong to results.</summary>
internal sealed class DeviceLocker
{
    private readonly SemaphoreSlim free = new(1, 1);

    public bool TryLock() => free.Wait(0);

    public void Lock(CancellationToken cancellationToken = default) => free.Wait(cancellationToken);

    public void Unlock() => free.Release();
}

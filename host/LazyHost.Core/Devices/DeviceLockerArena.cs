namespace LazyHost;

/// <summary>Locks devices for runs: one at a time each, several in the order of their names, so that two callers never wait for each other.</summary>
internal sealed class DeviceLockerArena
{
    private readonly SortedDictionary<DeviceId, DeviceLocker> lockers = [];

    public DeviceLocker Add(DeviceId id)
    {
        lock (lockers)
        {
            var locker = new DeviceLocker();
            lockers[id] = locker;
            return locker;
        }
    }

    /// <summary>Takes a locker out, unless a new device of the name has taken its place.</summary>
    public void Remove(DeviceId id, DeviceLocker locker)
    {
        lock (lockers)
            if (lockers.GetValueOrDefault(id) == locker) lockers.Remove(id);
    }

    /// <summary>Waits until every device is free, takes them all, and returns what frees them.</summary>
    public IDisposable LockDevices(IEnumerable<DeviceId> ids, CancellationToken cancellationToken)
    {
        var held = new Stack<DeviceLocker>();
        try
        {
            foreach (var id in ids.Distinct().Order())
            {
                DeviceLocker locker;
                lock (lockers) locker = lockers[id];
                locker.Lock(cancellationToken);
                held.Push(locker);
            }
        }
        catch
        {
            foreach (var locker in held) locker.Unlock();
            throw;
        }
        return new Unlocker(held);
    }

    private sealed class Unlocker(Stack<DeviceLocker> held) : IDisposable
    {
        public void Dispose()
        {
            while (held.TryPop(out var locker)) locker.Unlock();
        }
    }
}

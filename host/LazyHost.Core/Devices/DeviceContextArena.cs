namespace LazyHost;

/// <summary>The contexts of all devices, by device order.</summary>
internal sealed class DeviceContextArena
{
    private readonly SortedList<DeviceId, DeviceContext> contexts = [];

    public DeviceContext Add(DeviceId id)
    {
        lock (contexts)
        {
            var context = new DeviceContext();
            contexts[id] = context;
            return context;
        }
    }

    public void Remove(DeviceId id)
    {
        lock (contexts) contexts.Remove(id);
    }

    /// <summary>The tapes with something recorded on a device, or on all of them, in device order.</summary>
    public List<Tape> OpenTapes(DeviceId? id = null)
    {
        lock (contexts)
            return [.. contexts.Where(c => id is null || c.Key == id).SelectMany(c => c.Value.OpenTapes())];
    }
}

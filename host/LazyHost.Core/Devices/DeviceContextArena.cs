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

    /// <summary>Takes a context out, unless a new device of the name has taken its place.</summary>
    public void Remove(DeviceId id, DeviceContext context)
    {
        lock (contexts)
            if (contexts.GetValueOrDefault(id) == context) contexts.Remove(id);
    }

    /// <summary>The tapes with something recorded on a device, or on all of them, in device order.</summary>
    public List<Tape> OpenTapes(DeviceId? id = null)
    {
        lock (contexts)
            return [.. contexts.Where(c => id is null || c.Key == id).SelectMany(c => c.Value.OpenTapes())];
    }
}

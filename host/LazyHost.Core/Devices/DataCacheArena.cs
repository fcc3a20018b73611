namespace LazyHost;

/// <summary>The data caches of all devices.</summary>
internal sealed class DataCacheArena(int entriesPerDevice)
{
    private readonly List<DataCache> caches = [];

    public DataCache Add()
    {
        var cache = new DataCache(entriesPerDevice);
        lock (caches) caches.Add(cache);
        return cache;
    }

    public void Remove(DataCache cache)
    {
        cache.Clear();
        lock (caches) caches.Remove(cache);
    }

    public int Count
    {
        get { lock (caches) return caches.Sum(c => c.Count); }
    }
}

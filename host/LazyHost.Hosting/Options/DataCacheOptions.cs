namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:DataCache</c>.</summary>
public sealed class DataCacheOptions
{
    /// <summary>Device copies of small host values kept on each device; 0 turns the cache off.</summary>
    public int EntriesPerDevice { get; set; } = 128;
}

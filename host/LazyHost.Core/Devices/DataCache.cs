using System.Diagnostics;

namespace LazyHost;

/// <summary>The device copies of small values that live in managed memory, least recently used first out. Equal bytes share a copy; keys know nothing of it.</summary>
internal sealed class DataCache(int entries)
{
    private readonly Lock gate = new();
    private readonly Dictionary<DeviceData, LinkedListNode<(DeviceData Key, DeviceData Copy)>> map = new(TensorComparer.Instance);
    private readonly LinkedList<(DeviceData Key, DeviceData Copy)> order = new();

    public int Count
    {
        get { lock (gate) return map.Count; }
    }

    /// <summary>A pinned device copy of a managed value. The caller unpins it when its run is over.</summary>
    public DeviceData Copy(DeviceData data, CancellationToken cancellationToken)
    {
        lock (gate)
            if (map.TryGetValue(data, out var node))
            {
                order.Remove(node);
                order.AddFirst(node);
                node.Value.Copy.Pin();
                return node.Value.Copy;
            }
        var metrics = data.Device.Engine.Metrics;
        metrics.DeviceDataCacheMiss.Add(1, data.Device);
        var start = Stopwatch.GetTimestamp();
        var copy = Transfer.Upload(data.Device, data.Type, data.Managed!, cancellationToken, mayCollect: false); // for a segment that is held
        metrics.IrValueTensorToDataHandle.RecordTime(start, Stopwatch.GetTimestamp(), data.Device);
        copy.Pin();
        lock (gate)
        {
            if (entries == 0 || map.ContainsKey(data))
            {
                copy.Recycle("it was a copy for one run");
                return copy;
            }
            map.Add(data, order.AddFirst((data, copy)));
            if (map.Count > entries) Evict(order.Last!);
        }
        return copy;
    }

    public void Clear()
    {
        lock (gate)
            while (order.Last is { } last) Evict(last);
    }

    private void Evict(LinkedListNode<(DeviceData Key, DeviceData Copy)> node)
    {
        order.Remove(node);
        map.Remove(node.Value.Key);
        node.Value.Copy.Recycle("it left the data cache");
    }
}

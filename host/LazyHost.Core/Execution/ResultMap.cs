using LazyHost.IR;

namespace LazyHost;

/// <summary>The computed values of a closed segment by root, roots in rising order; and those computed again later.</summary>
internal sealed class ResultMap(Value[] roots, DeviceData[] values)
{
    private List<(Value Value, DeviceData Data)>? later;

    public DeviceData? Find(Value value)
    {
        if (Place(value) is >= 0 and var place) return values[place];
        if (later is not null)
            foreach (var (known, data) in later)
                if (known == value) return data;
        return null;
    }

    /// <summary>Takes a value that was computed again, in the place of one that is gone.</summary>
    public void Add(Value value, DeviceData data)
    {
        if (Place(value) is >= 0 and var place) values[place] = data;
        else
        {
            later?.RemoveAll(known => known.Value == value);
            (later ??= []).Add((value, data));
        }
    }

    /// <summary>The order of roots: by node, then by output.</summary>
    public static int Compare(Value a, Value b) => a.Node != b.Node ? a.Node.CompareTo(b.Node) : a.Output.CompareTo(b.Output);

    private int Place(Value value)
    {
        int low = 0, high = roots.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Compare(roots[middle], value);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}

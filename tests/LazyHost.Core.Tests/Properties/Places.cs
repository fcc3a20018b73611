namespace LazyHost.Tests.Properties;

/// <summary>Indices of elements, row by row.</summary>
internal static class Places
{
    public static int Count(int[] shape) => shape.Aggregate(1, (a, b) => a * b);

    public static int[] Of(int flat, int[] shape)
    {
        var index = new int[shape.Length];
        for (var i = shape.Length - 1; i >= 0; i--) (index[i], flat) = (flat % shape[i], flat / shape[i]);
        return index;
    }

    public static int Flat(int[] index, int[] shape)
    {
        var flat = 0;
        for (var i = 0; i < shape.Length; i++) flat = (flat * shape[i]) + index[i];
        return flat;
    }

    /// <summary>The shape several broadcast to.</summary>
    public static int[] Broadcast(params IEnumerable<int[]> shapes)
    {
        int[] result = [];
        foreach (var shape in shapes)
        {
            var (longer, shorter) = shape.Length > result.Length ? (shape, result) : (result, shape);
            var both = longer.ToArray();
            for (var i = 0; i < shorter.Length; i++)
            {
                ref var size = ref both[i + longer.Length - shorter.Length];
                RejectedException.Unless(size == shorter[i] || size == 1 || shorter[i] == 1, "shapes do not broadcast");
                size = size == 1 ? shorter[i] : size;
            }
            result = both;
        }
        return result;
    }
}

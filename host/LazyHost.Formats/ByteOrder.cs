namespace LazyHost.Formats;

/// <summary>Rearranges the bytes of arrays that a file holds in another order.</summary>
internal static class ByteOrder
{
    /// <summary>Turns the bytes of each element round.</summary>
    public static void Reverse(byte[] data, int elementSize)
    {
        if (elementSize == 1) return;
        for (var i = 0; i < data.Length; i += elementSize) data.AsSpan(i, elementSize).Reverse();
    }

    /// <summary>Rearranges column-major elements (first index fastest) into row-major ones.</summary>
    public static byte[] ToRowMajor(byte[] data, TensorType type)
    {
        var result = new byte[data.Length];
        var (shape, size) = (type.Shape, type.DType.Size());
        var index = new long[shape.Rank];
        for (long target = 0; target < shape.ElementCount; target++)
        {
            long source = 0;
            for (var axis = shape.Rank - 1; axis >= 0; axis--) source = source * shape[axis] + index[axis];
            data.AsSpan((int)(source * size), size).CopyTo(result.AsSpan((int)(target * size)));
            for (var axis = shape.Rank - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
        return result;
    }
}

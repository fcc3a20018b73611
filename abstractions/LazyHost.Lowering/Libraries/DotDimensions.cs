using LazyHost.IR;
using LazyHost.Lowering.Fuse;

namespace LazyHost.Lowering.Libraries;

/// <summary>The dimensions of one operand of a dot: batch, free and contracted, in the order the product counts them.</summary>
internal sealed record DotDimensions(Shape Shape, long[] Batch, long[] Free, long[] Contracted)
{
    public long BatchSize => Size(Batch);

    public long FreeSize => Size(Free);

    public long ContractedSize => Size(Contracted);

    /// <summary>The dimensions of operand 0 or 1.</summary>
    public static DotDimensions Of(Node dot, int operand, Shape shape)
    {
        var (batch, contracted) = (dot.Ints(operand).ToArray(), dot.Ints(operand + 2).ToArray());
        var free = new List<long>();
        for (var i = 0; i < shape.Rank; i++) if (!batch.Contains(i) && !contracted.Contains(i)) free.Add(i);
        return new(shape, batch, [.. free], contracted);
    }

    /// <summary>The strides when element places follow <paramref name="place"/>, whose loops are the shape's dimensions; null where a group of dimensions has no single stride.</summary>
    public PlannedMatrix? Matrix(int value, Affine place)
    {
        if (Shape.ElementCount == 0) return new PlannedMatrix(value, 0, 0, 1, 1);
        if (Stride(Batch, place) is not { } batch || Stride(Free, place) is not { } free || Stride(Contracted, place) is not { } contracted) return null;
        var matrix = new PlannedMatrix(value, place.Offset, BatchSize == 1 ? 0 : batch, free, contracted);
        return matrix.IsPlain(FreeSize, ContractedSize) ? matrix : null;
    }

    /// <summary>The matrix when the operand lies packed.</summary>
    public PlannedMatrix? Packed(int value)
    {
        var loops = Enumerable.Range(0, Shape.Rank).ToArray();
        return Matrix(value, Affine.RowMajor(loops, [.. Shape]));
    }

    private long? Stride(long[] dims, Affine place)
    {
        (long Stride, long Span)? merged = null;
        for (var i = dims.Length - 1; i >= 0; i--)
        {
            var size = Shape[(int)dims[i]];
            if (size == 1) continue;
            var stride = place[(int)dims[i]];
            if (merged is null) merged = (stride, stride * size);
            else if (stride == merged.Value.Span) merged = (merged.Value.Stride, stride * size);
            else return null;
        }
        return merged?.Stride ?? 1;
    }

    private long Size(long[] dims)
    {
        long size = 1;
        foreach (var dim in dims) size *= Shape[(int)dim];
        return size;
    }
}

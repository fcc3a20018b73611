using LazyHost.IR;

namespace LazyHost.Lowering.Fuse;

/// <summary>Iota as a sum of loop indices.</summary>
internal static class IndexRamp
{
    /// <summary>The index along the axis of an iota; zero for scalars and one-number constants; null where it is no sum of loop indices.</summary>
    public static Affine? Find(ValueTable values, int value, IndexMap map, IReadOnlyList<long> sizes)
    {
        if (values.KindOf(value) != PrimitiveKind.Iota) return Affine.Zero;
        var node = values.Definition(value);
        var (shape, axis) = (node.Type.Shape, (int)node.Int(2));
        return map.Index(map.Place, shape.RowMajorStrides()[axis], shape[axis], sizes);
    }
}

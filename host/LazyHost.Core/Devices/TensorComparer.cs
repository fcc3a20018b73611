namespace LazyHost;

/// <summary>Equality of managed values: element type, sizes and bytes. NaN equals the same NaN, +0 does not equal -0.</summary>
internal sealed class TensorComparer : IEqualityComparer<DeviceData>
{
    public static TensorComparer Instance { get; } = new();

    public bool Equals(DeviceData? x, DeviceData? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.Type == y.Type && TensorHasher.Hash(x) == TensorHasher.Hash(y)
            && x.Managed.AsSpan().SequenceEqual(y.Managed));

    public int GetHashCode(DeviceData obj) => (int)TensorHasher.Hash(obj);
}

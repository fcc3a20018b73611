namespace LazyHost;

/// <summary>What a <see cref="TensorIndex"/> is.</summary>
internal enum TensorIndexKind : byte
{
    Place,
    Range,
    NewAxis,
    Ellipsis,
}

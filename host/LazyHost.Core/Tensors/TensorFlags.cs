namespace LazyHost;

/// <summary>What a tensor handle knows of itself beside its value.</summary>
[Flags]
internal enum TensorFlags : byte
{
    None = 0,
    /// <summary>Gradients flow to or through it.</summary>
    RequiresGrad = 1,
    /// <summary>Its gradients have been taken: it no longer holds what it was computed from.</summary>
    HistoryReleased = 2,
    /// <summary>Tensors of other sizes will take its place: it was marked by <see cref="Tensor.MarkDynamic"/>.</summary>
    Dynamic = 4,
}

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>Which scores are kept, as kernels are told.</summary>
internal static class AttentionMasking
{
    public const int None = 0;

    /// <summary>Those at or below a diagonal.</summary>
    public const int Diagonal = 1;

    /// <summary>The same, others being -inf: their keys need not be looked at.</summary>
    public const int Causal = 2;

    /// <summary>Those where a bool is true.</summary>
    public const int True = 3;

    /// <summary>Those where a bool is false.</summary>
    public const int False = 4;
}

using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>An attention as kernels take it.</summary>
internal struct AttentionPlan
{
    /// <summary>Beyond it a diagonal keeps all keys or none.</summary>
    private const long FarDiagonal = 1L << 30;

    public StridedHeads Queries, Keys, Values, Result, Bias, Mask;
    public int QueryCount, KeyCount, HeadSize, ValueSize, Heads, IsDivided, HasBias, Masking, Diagonal, TilesPerHead;
    public long Tiles;
    public AttentionScalar Scale, Fill;

    /// <param name="step">The attention.</param>
    /// <param name="rows">Queries of a tile.</param>
    public static AttentionPlan Of(AttentionStep step, int rows)
    {
        var (sizes, mask) = (step.Sizes, step.Mask);
        var tiles = (sizes.Queries + rows - 1) / rows;
        return new()
        {
            Queries = StridedHeads.Of(step.Queries, sizes.HeadSize),
            Keys = StridedHeads.Of(step.Keys, sizes.HeadSize),
            Values = StridedHeads.Of(step.Values, sizes.ValueSize),
            Result = StridedHeads.Of(step.Result, sizes.ValueSize),
            Bias = step.Bias is { } bias ? StridedHeads.Of(bias, sizes.Keys) : default,
            Mask = mask?.Places is { } places ? StridedHeads.Of(places, sizes.Keys) : default,
            QueryCount = (int)sizes.Queries,
            KeyCount = (int)sizes.Keys,
            HeadSize = (int)sizes.HeadSize,
            ValueSize = (int)sizes.ValueSize,
            Heads = (int)sizes.Heads,
            IsDivided = step.IsDivided ? 1 : 0,
            HasBias = step.Bias is null ? 0 : 1,
            Masking = mask is null ? AttentionMasking.None
                : mask.Places is not null ? mask.Keeps ? AttentionMasking.True : AttentionMasking.False
                : mask.Fill is { Slot: < 0, Value: double.NegativeInfinity } ? AttentionMasking.Causal : AttentionMasking.Diagonal,
            Diagonal = (int)Math.Clamp(mask?.Diagonal ?? 0, -FarDiagonal, FarDiagonal),
            TilesPerHead = (int)tiles,
            Tiles = sizes.Batch * sizes.Heads * tiles,
            Scale = AttentionScalar.Of(step.Scale),
            Fill = AttentionScalar.Of(mask?.Fill ?? AttentionNumber.Of(0)),
        };
    }
}

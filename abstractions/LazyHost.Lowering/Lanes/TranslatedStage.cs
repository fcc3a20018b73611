namespace LazyHost.Lowering.Lanes;

/// <summary>A stage in terms of nodes.</summary>
public sealed record TranslatedStage(TranslatedReduction[] Reductions, TranslatedStore[] Stores, TranslatedStore[] RowStores);

namespace LazyHost.Lowering.Lanes;

/// <summary>A store of a node's low bits through an access.</summary>
public readonly record struct TranslatedStore(int Access, int Node);

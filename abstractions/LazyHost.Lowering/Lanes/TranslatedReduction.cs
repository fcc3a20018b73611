using LazyHost.IR;

namespace LazyHost.Lowering.Lanes;

/// <summary>A reduction of a node; the type is the accumulator's.</summary>
public readonly record struct TranslatedReduction(PrimitiveKind Kind, int Node, LaneType Type, long Identity);

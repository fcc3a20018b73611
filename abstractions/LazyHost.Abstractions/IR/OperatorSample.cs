namespace LazyHost.IR;

/// <summary>Inputs to test an operator with.</summary>
public sealed record OperatorSample(ShapeClass Class, IReadOnlyList<SampleInput> Inputs, Attributes Attributes = default);

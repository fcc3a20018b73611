namespace LazyHost.IR;

/// <summary>One operand of a sample: its type and the range its pseudo-random values are drawn from.</summary>
/// <param name="Type">Element type and shape.</param>
/// <param name="Low">The least value.</param>
/// <param name="High">The greatest value; integers are drawn from Low to High, both possible.</param>
public sealed record SampleInput(TensorType Type, double Low = -2, double High = 2);

namespace LazyHost;

/// <summary>A place in a <see cref="Recording"/>, in counts.</summary>
internal readonly record struct RecordingMark(int Nodes, int Operands, int Encoding, int Scalars, int Inputs, bool AnySize);

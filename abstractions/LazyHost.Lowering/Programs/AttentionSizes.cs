namespace LazyHost.Lowering.Programs;

/// <summary>The sizes of an attention. None of them is 0.</summary>
/// <param name="DType">The element type of queries, keys, values and result.</param>
/// <param name="Batch">The outer batches.</param>
/// <param name="Heads">The batches within each of them.</param>
/// <param name="Queries">The rows of queries, and of the result.</param>
/// <param name="Keys">The rows of keys, and of values.</param>
/// <param name="HeadSize">The columns of queries and of keys.</param>
/// <param name="ValueSize">The columns of values, and of the result.</param>
public readonly record struct AttentionSizes(DType DType, long Batch, long Heads, long Queries, long Keys, long HeadSize, long ValueSize);

using LazyHost.IR;

namespace LazyHost;

/// <summary>A recorded body or condition.</summary>
/// <param name="Graph">Its parameters are the carried values, then what it uses beside them.</param>
/// <param name="Key">The canonical encoding with the roots.</param>
/// <param name="Used">The tensors it uses beside the carried ones.</param>
/// <param name="Numbers">Its numbers but for the turn.</param>
internal sealed record LoopBody(Graph Graph, long[] Key, Tensor[] Used, Operand[] Numbers);

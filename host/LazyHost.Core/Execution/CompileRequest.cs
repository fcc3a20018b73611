using LazyHost.Backends;

namespace LazyHost;

/// <summary>How a segment is to be compiled.</summary>
/// <param name="Options">The options, which are part of its key.</param>
/// <param name="Why">Why it is compiled, for traces.</param>
/// <param name="Refusal">Where no code may be made for it, what is thrown if some has to be.</param>
/// <param name="CancellationToken">Cancels it.</param>
internal sealed record CompileRequest(CompilationOptions Options, CompileExplanation? Why = null, CompileLimitException? Refusal = null, CancellationToken CancellationToken = default);

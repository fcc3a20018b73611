namespace LazyHost.Backends;

/// <summary>
/// What an operator's form implements beside <see cref="IR.OperatorForm"/> where it has code of its own for backends whose memory the processor can address. A backend that
/// uses such code takes the operator whole; every other one runs the decomposition, and so does the Reference backend, which the code is tested against.
/// </summary>
public interface IHostKernel
{
    /// <summary>Whether the code serves a backend, for these operands, attributes and results. The answer must be the same every time. Where it does not, the backend runs the decomposition.</summary>
    /// <param name="backendKind">The part of device names before the colon, such as <c>simd</c>.</param>
    /// <param name="query">The operator with attributes and types; sizes are fixed, and no operand or result has more than 2^31 - 1 elements.</param>
    bool Supports(string backendKind, in OperatorQuery query) => true;

    /// <summary>Computes every element of every result. Called by many threads at once, each with memory of its own; may use threads itself, but not after it returns. Whatever it
    /// throws fails the run, as an <see cref="ExecutionException"/> that names the operator and the place it was recorded at.</summary>
    void Run(in HostKernelArguments arguments);
}

using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A loop with its body: of its own for each body, one for equal bodies. Operands are the number of turns (not for a condition), the carried values, what the body
/// uses beside them, what the condition uses, and the numbers of both.
/// </summary>
internal sealed class LoopForm(Graph body, Graph? condition, int carried) : OperatorForm("loop")
{
    /// <summary>One turn: of the carried values and what it uses, the turn in its first number where there is no condition.</summary>
    public Graph Body { get; } = body;

    /// <summary>Whether there is another turn, or null where the number of turns is given.</summary>
    public Graph? Condition { get; } = condition;

    /// <summary>The number of carried values.</summary>
    public int Carried { get; } = carried;

    public override (int Least, int Most) OperandCount => (Carried, int.MaxValue);

    public override int OutputCount => Carried;

    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        for (var i = 0; i < Carried; i++) outputs[i] = Body.TypeOf(Body.Roots[i]);
    }
}

using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost;

/// <summary>Whether a backend can run an operator: whole, or every primitive of its decomposition.</summary>
internal static class OperatorSupport
{
    /// <summary>Why it cannot run it, or null where it can. Only asks; compiles nothing.</summary>
    public static string? WhyNot(CapabilityQuery query, OperatorForm form, Attributes attributes, ReadOnlySpan<TensorType> operands, ReadOnlySpan<TensorType> outputs)
    {
        var builder = new GraphBuilder();
        var values = new Value[operands.Length];
        for (var i = 0; i < values.Length; i++) values[i] = builder.Parameter(operands[i]);
        var node = builder.Emit(form, values, attributes, outputs);
        for (var i = 0; i < outputs.Length; i++) builder.AddRoot(node with { Output = i });
        try
        {
            GraphDecomposer.Decompose(builder.Build(), query);
            return null;
        }
        catch (UnsupportedOperatorException e)
        {
            return e.Operator == form.Name ? e.Reason : $"{e.Operator}: {e.Reason}";
        }
    }
}

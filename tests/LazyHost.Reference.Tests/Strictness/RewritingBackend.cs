using LazyHost.Backends;
using LazyHost.IR;

namespace LazyHost.Reference.Tests.Strictness;

/// <summary>What is emitted in place of a primitive.</summary>
internal delegate Value Rewrite(GraphBuilder builder, Value[] operands, Attributes attributes);

/// <summary>Computes one primitive by another formula.</summary>
internal sealed class RewritingBackend(Primitive primitive, Rewrite rewrite) : DelegatingBackend
{
    public override ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken) =>
        Inner.CompileAsync(new(context.Name, context.Device, Rewritten(context.Graph), context.Options, context.Logger), cancellationToken);

    private Graph Rewritten(Graph graph)
    {
        var builder = new GraphBuilder();
        var places = new Value[graph.Nodes.Length];
        foreach (var node in graph.Nodes)
        {
            Value[] operands = [.. node.Operands.ToArray().Select(operand => operand with { Node = places[operand.Node].Node })];
            places[node.Index] = node.Form == InputForms.Parameter || node.Form == InputForms.Scalar ? builder.CopyInput(node)
                : node.Form == primitive ? rewrite(builder, operands, node.Attributes)
                : builder.Emit(node.Form, operands, node.Attributes);
        }
        foreach (var root in graph.Roots) builder.AddRoot(root with { Node = places[root.Node].Node });
        return builder.Build();
    }
}

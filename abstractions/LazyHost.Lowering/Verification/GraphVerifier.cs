using System.Diagnostics;
using LazyHost.IR;

namespace LazyHost.Lowering.Verification;

/// <summary>Checks what every pass must leave true of a graph: operands come before their use, types are what the forms infer, roots exist.</summary>
public static class GraphVerifier
{
    /// <summary>Checks a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="stage">What made the graph, for the error.</param>
    /// <exception cref="CompilationException">The graph is wrong; the message names the node.</exception>
    public static void Verify(Graph graph, string stage)
    {
        var (parameters, scalars) = (0, 0);
        foreach (var node in graph.Nodes)
        {
            var types = new TensorType[node.Operands.Length];
            for (var i = 0; i < types.Length; i++)
            {
                var operand = node.Operands[i];
                if (operand.Node < 0 || operand.Node >= node.Index || operand.Output < 0 || operand.Output >= graph.Nodes[operand.Node].Types.Length)
                    throw Wrong(stage, node, $"operand {operand} is no result of an earlier node");
                types[i] = graph.TypeOf(operand);
            }
            var inferred = new TensorType[node.Form.OutputCount];
            try { node.Form.Infer(new InferenceContext(node.Form, types, node.Attributes), inferred); }
            catch (LazyHostException e) { throw Wrong(stage, node, e.Message); }
            if (!inferred.AsSpan().SequenceEqual(node.Types)) throw Wrong(stage, node, $"its types are {string.Join(", ", inferred)}");
            if (node.Form == InputForms.Parameter && node.Int(0) != parameters++) throw Wrong(stage, node, "parameter slots must rise by one");
            if (node.Form == InputForms.Scalar && node.Int(0) != scalars++) throw Wrong(stage, node, "scalar slots must rise by one");
        }
        if (parameters != graph.Parameters.Count || scalars != graph.Scalars.Count)
            throw new CompilationException($"after {stage}: parameter or scalar nodes are missing");
        foreach (var root in graph.Roots)
            if (root.Node < 0 || root.Node >= graph.Nodes.Length || root.Output >= graph.Nodes[root.Node].Types.Length)
                throw new CompilationException($"after {stage}: root {root} does not exist");
    }

    /// <summary>Checks a graph in Debug builds.</summary>
    [Conditional("DEBUG")]
    internal static void Debug(Graph graph, string stage) => Verify(graph, stage);

    private static CompilationException Wrong(string stage, Node node, string why) => new($"after {stage}, node {node}: {why}");
}

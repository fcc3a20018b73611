using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>
/// Runs a graph of primitives exactly as they are defined. Integers wrap in their width. Floating-point primitives are computed in binary64 and rounded once per
/// result, which for +, -, *, / and square root equals computing in the element type; f16 and bf16 results are rounded to f32 first. Sums, products and other
/// accumulations run in binary64, in row-major order, and are rounded at the end.
/// </summary>
public static class ReferenceInterpreter
{
    /// <summary>Runs the graph.</summary>
    /// <param name="graph">Inputs and primitives; no operators and no custom calls.</param>
    /// <param name="inputs">The packed little-endian elements of each parameter; longer arrays are read from their start.</param>
    /// <param name="scalars">The scalar block, as <see cref="InputForms.Scalar"/> describes it.</param>
    /// <param name="cancellationToken">Observed between nodes.</param>
    /// <returns>The packed elements of each root, in arrays of their own.</returns>
    /// <exception cref="ExecutionException">An input is missing or too short.</exception>
    /// <exception cref="UnsupportedOperatorException">A node is no primitive, or a custom call.</exception>
    public static byte[][] Run(Graph graph, IReadOnlyList<byte[]> inputs, IReadOnlyList<long> scalars, CancellationToken cancellationToken = default)
    {
        RequireInputs(graph, inputs, scalars);
        var values = new HostTensor[graph.Nodes.Length][];
        for (var i = 0; i < values.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var node = graph.Nodes[i];
            var operands = new HostTensor[node.Operands.Length];
            for (var k = 0; k < operands.Length; k++) operands[k] = values[node.Operands[k].Node][node.Operands[k].Output];
            values[i] = node.Form == InputForms.Parameter ? [new(node.Type, inputs[(int)node.Int(0)])]
                : node.Form == InputForms.Scalar ? [HostTensor.Filled(node.Type, [scalars[(int)node.Int(0)]])]
                : PrimitiveInterpreter.Run(node, operands);
        }
        var results = new byte[graph.Roots.Length][];
        for (var i = 0; i < results.Length; i++)
        {
            var root = values[graph.Roots[i].Node][graph.Roots[i].Output];
            results[i] = root.Bytes.AsSpan(0, (int)root.Type.ByteSize).ToArray();
        }
        return results;
    }

    private static void RequireInputs(Graph graph, IReadOnlyList<byte[]> inputs, IReadOnlyList<long> scalars)
    {
        if (inputs.Count < graph.Parameters.Count || scalars.Count < graph.Scalars.Count)
            throw new ExecutionException($"the graph takes {graph.Parameters.Count} inputs and {graph.Scalars.Count} numbers, but was given {inputs.Count} and {scalars.Count}");
        for (var i = 0; i < graph.Parameters.Count; i++)
            if (inputs[i].Length < graph.Parameters[i].ByteSize)
                throw new ExecutionException($"input {i} has {inputs[i].Length} bytes but {graph.Parameters[i]} has {graph.Parameters[i].ByteSize}");
    }
}

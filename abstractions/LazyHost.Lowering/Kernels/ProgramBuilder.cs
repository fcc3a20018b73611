using LazyHost.IR;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Memory;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>Makes the program of a fusion plan: kernels and calls on buffers, then the workspace and the pairs that may alias.</summary>
internal static class ProgramBuilder
{
    public static KernelProgram Run(Graph graph, FusionPlan plan, CancellationToken cancellationToken)
    {
        var buffers = new BufferTable(graph, plan);
        var steps = new List<ProgramStep>(plan.Steps.Count);
        var kernels = 0;
        foreach (var planned in plan.Steps)
        {
            cancellationToken.ThrowIfCancellationRequested();
            steps.Add(planned is FusionGroup group
                ? new KernelStep(KernelBuilder.Run(group, plan.Values, buffers, $"k{kernels++}")) { CallSite = Site(group, plan.Values) }
                : Call(graph, plan.Values, buffers, (PlannedCall)planned));
        }
        var (placed, bytes) = WorkspacePlanner.Run(buffers.Buffers, buffers.Storage, steps);
        return new(placed, steps, bytes, AliasAnalysis.Run(placed, steps));
    }

    private static ProgramStep Call(Graph graph, ValueTable values, BufferTable buffers, PlannedCall call)
    {
        var node = call.Node;
        if (call.Attention is { } attention) return attention.On(buffers.Of) with { CallSite = node.CallSite };
        if (call.Matrices.Count > 0) return Dot(graph, values, buffers, call);
        var inputs = new int[node.Operands.Length];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = buffers.Of(values.Of(node.Operands[i]), graph.TypeOf(node.Operands[i]));
        var outputs = new int[node.Types.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = buffers.Of(values.Raw(new(node.Index, i)), node.Types[i]);
        if (node.Form is not Primitive primitive) return new OperatorStep(node.Form, node.Attributes, inputs, outputs, CallCost.OfOperator(graph, node)) { CallSite = node.CallSite };
        return new PrimitiveStep(primitive, node.Attributes, inputs, outputs, CallCost.Of(graph, node)) { CallSite = node.CallSite };
    }

    private static DotStep Dot(Graph graph, ValueTable values, BufferTable buffers, PlannedCall call)
    {
        var node = call.Node;
        var (left, right) = (call.Matrices[0], call.Matrices[1]);
        var a = DotDimensions.Of(node, 0, graph.TypeOf(node.Operands[0]).Shape);
        var b = DotDimensions.Of(node, 1, graph.TypeOf(node.Operands[1]).Shape);
        var (m, n) = (a.FreeSize, b.FreeSize);
        return new(node.Type.DType, a.BatchSize, m, n, a.ContractedSize,
            new(buffers.Of(left.Value), left.Offset, left.Batch, left.Free, left.Contracted),
            new(buffers.Of(right.Value), right.Offset, right.Batch, right.Contracted, right.Free),
            new(buffers.Of(values.Raw(new(node.Index))), 0, m * n, n, 1)) { CallSite = node.CallSite };
    }

    private static CallSite? Site(FusionGroup group, ValueTable values)
    {
        foreach (var sink in group.Sinks)
            if (!sink.IsReduction && values.Definition(sink.Entry.Value).CallSite is { } site) return site;
        return null;
    }
}

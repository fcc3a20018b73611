using LazyHost.IR;
using LazyHost.Lowering.Fuse;

namespace LazyHost.Lowering.Libraries;

/// <summary>Finds the buffers a matrix product can read through strides, without storing transposed, broadcast or sliced operands first.</summary>
internal static class MatrixFolding
{
    /// <summary>Both operands of a dot.</summary>
    public static IReadOnlyList<PlannedMatrix> Run(ValueTable values, Graph graph, Node dot, bool fold) =>
        [Find(values, graph, dot, 0, fold), Find(values, graph, dot, 1, fold)];

    private static PlannedMatrix Find(ValueTable values, Graph graph, Node dot, int operand, bool fold)
    {
        var shape = graph.TypeOf(dot.Operands[operand]).Shape;
        var dims = DotDimensions.Of(dot, operand, shape);
        var value = values.Of(dot.Operands[operand]);
        var best = dims.Packed(value) ?? throw new CompilationException($"operand {operand} of {dot} is no batch of matrices; run {nameof(DotLayout)} first");
        if (!fold || shape.ElementCount == 0) return best;
        var map = new IndexMap(Affine.RowMajor([.. Enumerable.Range(0, shape.Rank)], [.. shape]), []);
        for (var i = 0; i < FusionLimits.MatrixViews; i++)
        {
            if (values.KindOf(value) is not { } kind || !Kinds.IsView(kind)) break;
            var node = values.Definition(value);
            if (OperandMaps.Of(node, graph.TypeOf(node.Operands[0]).Shape, map, [.. shape]) is not { } next) break;
            (value, map) = (values.Of(node.Operands[0]), next);
            if (dims.Matrix(value, map.Place) is { } found) best = found;
        }
        return best;
    }
}

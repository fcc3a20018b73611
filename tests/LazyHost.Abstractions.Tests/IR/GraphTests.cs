using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.IR;

public class GraphTests
{
    [Fact]
    public void Text_shows_every_node_and_the_roots()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2, 3]));
        builder.AddRoot(builder.Sum(x, [1], keepDims: true));
        Assert.Equal("%0 = parameter() {slot=0, dtype=f32, sizes=[2, 3]} : f32[2, 3]\n%1 = sum(%0) {axes=[1], keep_dims=true} : f32[2, 1]\nreturn %1\n", builder.Build().ToString());
    }

    [Fact]
    public void Nodes_that_no_root_needs_go_but_inputs_stay()
    {
        var builder = new GraphBuilder();
        var unused = builder.Parameter(new(DType.Float32, [2]));
        builder.Exp(unused);
        var x = builder.Parameter(new(DType.Float32, [3]));
        var kept = builder.Neg(x);
        builder.Exp(kept);
        builder.AddRoot(kept);
        builder.AddRoot(x);
        var graph = builder.Build().WithoutDeadNodes();
        Assert.Equal(["parameter", "parameter", "neg"], graph.Nodes.ToArray().Select(n => n.Form.Name));
        Assert.Equal([new Value(2), new Value(1)], graph.Roots.ToArray());
        Assert.Equal([new Value(1)], graph.Nodes[2].Operands.ToArray());
        Assert.Equal(2, graph.Parameters.Count);
        Assert.Same(graph, graph.WithoutDeadNodes());
    }

    [Fact]
    public void Extensions_leave_out_nodes_that_would_do_nothing()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2, 3]));
        Assert.Equal(x, builder.CastTo(x, DType.Float32));
        Assert.Equal(x, builder.Widen(x));
        Assert.Equal(x, builder.BroadcastTo(x, [2, 3]));
        Assert.Equal(x, builder.SumTo(x, [2, 3]));
        Assert.Equal(x, builder.Reshape(x, [2, 3]));
        Assert.Equal(x, builder.Permute(x, 0, 1));
        Assert.Equal(x, builder.Transpose(x, -1, 1));
        Assert.Equal(x, builder.Slice(x, 0, 0, 2));
        Assert.Equal(x, builder.Pad(x, 0, [0, 0], [0, 0]));
        Assert.Equal(x, builder.Flip(x));
        Assert.Equal(x, builder.Concat([x], 0));
        Assert.Single(builder.Nodes);
    }

    [Theory]
    [InlineData(new long[] { 3 })]
    [InlineData(new long[] { 2, 1 })]
    [InlineData(new long[] { 1, 1 })]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { })]
    public void Sums_undo_broadcasting(long[] sizes)
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2, 3]));
        Assert.Equal(Shape.Create(sizes), builder.ShapeOf(builder.SumTo(x, Shape.Create(sizes))));
    }
}

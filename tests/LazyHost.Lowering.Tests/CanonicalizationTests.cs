using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Canonicalize;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

public class CanonicalizationTests
{
    [Fact]
    public void Multiplying_by_one_goes() => Assert.Equal("x", Simplified((g, x) => g.Apply(Primitives.Mul, x, g.Number(1, [4]))));

    [Fact]
    public void Subtracting_zero_goes() => Assert.Equal("x", Simplified((g, x) => g.Apply(Primitives.Sub, x, g.Number(0, [4]))));

    [Fact]
    public void Adding_negative_zero_goes() => Assert.Equal("x", Simplified((g, x) => g.Apply(Primitives.Add, x, g.Number(-0.0, [4]))));

    [Fact]
    public void Adding_zero_stays_because_it_changes_negative_zero() =>
        Assert.Equal("prim.add", Simplified((g, x) => g.Apply(Primitives.Add, x, g.Number(0, [4]))));

    [Fact]
    public void Multiplying_by_zero_stays_because_of_nan() => Assert.Equal("prim.mul", Simplified((g, x) => g.Apply(Primitives.Mul, x, g.Number(0, [4]))));

    [Fact]
    public void Double_negation_goes() => Assert.Equal("x", Simplified((g, x) => g.Apply(Primitives.Neg, g.Apply(Primitives.Neg, x))));

    [Fact]
    public void A_cast_to_the_own_type_goes() => Assert.Equal("x", Simplified((g, x) => g.Emit(Primitives.Cast, [x], Attributes.Of(DType.Float32))));

    [Fact]
    public void A_selection_by_a_constant_goes() => Assert.Equal("x", Simplified((g, x) =>
        g.Apply(Primitives.Select, g.Emit(Primitives.Constant, [], Attributes.Of(DType.Bool, Shape.Create([4L]), new[] { 1L })), x, g.Number(3, [4]))));

    [Fact]
    public void Reversing_twice_goes() => Assert.Equal("x", Simplified((g, x) =>
        g.Emit(Primitives.Reverse, [g.Emit(Primitives.Reverse, [x], Attributes.Of(new[] { 0L }))], Attributes.Of(new[] { 0L })), ShapeSimplification.Run));

    [Fact]
    public void A_reshape_there_and_back_goes() => Assert.Equal("x", Simplified((g, x) =>
        g.Emit(Primitives.Reshape, [g.Emit(Primitives.Reshape, [x], Attributes.Of(Shape.Create([2L, 2L])))], Attributes.Of(Shape.Create([4L]))),
            ShapeSimplification.Run));

    [Fact]
    public void A_permutation_of_single_dimensions_is_a_reshape() => Assert.Equal("prim.reshape", Simplified((g, x) =>
        g.Emit(Primitives.Permute, [g.Spread(x, [1, 4], 1)], Attributes.Of(new[] { 1L, 0L })), ShapeSimplification.Run));

    [Theory]
    [InlineData(DType.Float32, 2.5, 3.0, 7.5)]
    [InlineData(DType.Float16, 2.5, 3.0, 7.5)]
    [InlineData(DType.Int32, 1 << 20, 1 << 12, 0)]
    [InlineData(DType.UInt8, 20, 20, 144)]
    public void A_product_of_constants_is_folded(DType type, double a, double b, double product)
    {
        var graph = DeadCode.Run(ConstantFolding.Run(Graphs.Build(g => [g.Apply(Primitives.Mul, Constant(g, type, a), Constant(g, type, b))])));
        Assert.Equal(Interpreters.Elements.Of(product, type), Assert.Single(graph.Nodes.ToArray()).Ints(2)[0]);
    }

    [Fact]
    public void An_approximation_is_not_folded() =>
        Assert.Equal(2, ConstantFolding.Run(Graphs.Build(g => [g.Apply(Primitives.Exp, g.Number(1, [4]))])).Nodes.Length);

    [Fact]
    public void Equal_nodes_become_one()
    {
        var graph = CommonSubexpressions.Run(Graphs.Build(g => g.Float(4) is var x
            ? [g.Apply(Primitives.Add, g.Apply(Primitives.Exp, x), g.Apply(Primitives.Exp, x))] : []));
        Assert.Equal(3, graph.Nodes.Length);
    }

    [Fact]
    public void Dead_parameters_keep_their_slots()
    {
        var graph = DeadCode.Run(Graphs.Build(g => (g.Float(4), g.Scalar(DType.Float32), g.Apply(Primitives.Exp, g.Float(2))) is var (_, _, y) ? [y] : []));
        Assert.Equal((2, 1), (graph.Parameters.Count, graph.Scalars.Count));
    }

    [Fact]
    public void An_operator_that_is_no_primitive_is_refused() => Assert.Throws<UnsupportedOperatorException>(() =>
        ProgramLowering.Lower(Graphs.Build(g => [g.Emit(new Whole(), [g.Float(4)])]), CompilationOptions.Default, TestContext.Current.CancellationToken));

    [Fact]
    public void A_symbolic_size_is_refused() => Assert.Throws<CompilationException>(() =>
        ProgramLowering.Lower(Graphs.Build(g => [g.Apply(Primitives.Exp, g.Emit(new Symbolic(), []))]), CompilationOptions.Default,
            TestContext.Current.CancellationToken));

    [Fact]
    public void Lowering_can_be_cancelled() => Assert.ThrowsAny<OperationCanceledException>(() =>
        ProgramLowering.Lower(Graphs.Chain(5, 4), CompilationOptions.Default, new CancellationToken(canceled: true)));

    [Fact]
    public void The_graph_can_be_seen_after_each_pass()
    {
        var seen = new List<string>();
        ProgramLowering.Lower(Graphs.Chain(5, 4), CompilationOptions.Default, (name, _) => seen.Add(name), TestContext.Current.CancellationToken);
        Assert.Equal(ProgramLowering.GraphPasses.Select(pass => pass.Name), seen);
    }

    private static Value Constant(GraphBuilder g, DType type, double value) =>
        g.Emit(Primitives.Constant, [], Attributes.Of(type, Shape.Scalar, new[] { Interpreters.Elements.Of(value, type) }));

    // the name of what the root became: x for the parameter itself
    private static string Simplified(Func<GraphBuilder, Value, Value> make, Func<Graph, Graph>? pass = null)
    {
        var graph = (pass ?? AlgebraicSimplification.Run)(Graphs.Build(g => [make(g, g.Float(4))]));
        var root = graph.Nodes[graph.Roots[0].Node];
        return root.Form == InputForms.Parameter ? "x" : root.Form.Name;
    }

    private sealed class Whole() : OperatorForm("whole")
    {
        public override (int Least, int Most) OperandCount => (1, 1);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];
    }

    private sealed class Symbolic() : Primitive(PrimitiveKind.CustomCall, "symbolic", 0, 0)
    {
        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = new(DType.Float32, Shape.Create([new Dim(4, 1)]));
    }
}

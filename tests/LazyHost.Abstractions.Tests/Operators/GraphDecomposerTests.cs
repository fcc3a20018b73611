using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

public class GraphDecomposerTests
{
    [Fact]
    public void An_operator_taken_whole_stays()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Relu.Form, [builder.Softmax(builder.Parameter(new(DType.Float32, [2, 3])), 1)]));
        var graph = GraphDecomposer.Decompose(builder.Build(),
            (in OperatorQuery q) => q.Form == Softmax.Form || q.Form is Primitive ? Capability.Whole : Capability.Decompose);
        Assert.Equal(["parameter", "softmax", "prim.constant", "prim.max"], graph.Nodes.ToArray().Select(n => n.Form.Name));
        Assert.Equal(1, graph.Nodes[1].Int(0));
    }

    [Fact]
    public void Operators_inside_decompositions_are_asked_for_too()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(CrossEntropy.Form, [builder.Parameter(new(DType.Float32, [2, 3])), builder.Parameter(new(DType.Int64, [2]))],
            CrossEntropy.Encode()));
        var graph = GraphDecomposer.Decompose(builder.Build(),
            (in OperatorQuery q) => q.Form == LogSumExp.Form || q.Form is Primitive ? Capability.Whole : Capability.Decompose);
        Assert.Contains(graph.Nodes.ToArray(), n => n.Form == LogSumExp.Form);
    }

    [Fact]
    public void Inputs_keep_their_slots_and_roots_their_order()
    {
        var builder = new GraphBuilder();
        var unused = builder.Parameter(new(DType.Int8, [9]));
        var scalar = builder.Scalar(DType.Float32);
        var x = builder.Parameter(new(DType.Float32, [2]));
        var used = builder.Scalar(DType.Float64);
        var sum = builder.Add(x, scalar);
        builder.AddRoot(builder.Neg(sum));
        builder.AddRoot(sum);
        builder.AddRoot(x);
        builder.AddRoot(used);
        var graph = GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly);
        Assert.Equal([new(DType.Int8, [9]), new(DType.Float32, [2])], graph.Parameters);
        Assert.Equal([DType.Float32, DType.Float64], graph.Scalars);
        Assert.Equal(["prim.neg", "prim.add", "parameter", "scalar"], graph.Roots.ToArray().Select(r => graph.Nodes[r.Node].Form.Name));
        Assert.Equal(1, graph.Nodes[graph.Roots[2].Node].Int(0));
        Assert.Equal(unused.Node, graph.Nodes.ToArray().First(n => n.Form == InputForms.Parameter).Index);
    }

    [Fact]
    public void Nodes_that_no_root_needs_are_left_out()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2, 3]));
        builder.Exp(x);
        builder.AddRoot(builder.Emit(BatchNorm.Form, [x], BatchNorm.Encode()) with { Output = 1 });
        var graph = GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly);
        Assert.Equal(["parameter", "prim.reduce_sum", "prim.constant", "prim.div"], graph.Nodes.ToArray().Select(n => n.Form.Name));
    }

    [Fact]
    public void Call_sites_reach_every_primitive()
    {
        var builder = new GraphBuilder { CallSite = new("Model.cs", 1) };
        var x = builder.Parameter(new(DType.Float32, [2, 3]));
        builder.CallSite = new("Model.cs", 41);
        builder.AddRoot(builder.Softmax(x, 1));
        var graph = GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly);
        Assert.All(graph.Nodes[1..].ToArray(), n => Assert.Equal(new CallSite("Model.cs", 41), n.CallSite));
    }

    [Fact]
    public void A_refused_primitive_names_itself_its_types_and_the_call_site()
    {
        var builder = new GraphBuilder { CallSite = new("Model.cs", 41) };
        builder.AddRoot(builder.Add(builder.Exp(builder.Parameter(new(DType.Float16, [2, 3]))), 1));
        foreach (var answer in new[] { Capability.No, Capability.Decompose })
        {
            var error = Assert.Throws<UnsupportedOperatorException>(() => GraphDecomposer.Decompose(builder.Build(),
                (in OperatorQuery q) => q.Form == Primitives.Exp ? answer : CatalogTests.PrimitivesOnly(q)));
            Assert.Equal("prim.exp", error.Operator);
            Assert.Contains("f16[2, 3]", error.Message, StringComparison.Ordinal);
            Assert.Contains("Model.cs:41", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_refused_operator_is_not_decomposed()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Softmax(builder.Parameter(new(DType.Float32, [2, 3])), 1));
        var error = Assert.Throws<UnsupportedOperatorException>(() => GraphDecomposer.Decompose(builder.Build(), (in OperatorQuery q) => Capability.No));
        Assert.Equal("softmax", error.Operator);
    }

    [Fact]
    public void A_form_that_decomposes_into_itself_is_found_out()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(new Odd((b, x, form) => b.Emit(form, [x])), [builder.Parameter(new(DType.Float32, [2]))]));
        var error = Assert.Throws<UnsupportedOperatorException>(() => GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly));
        Assert.Contains("does not end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decomposition_of_another_type_than_inferred_is_found_out()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(new Odd((b, x, _) => b.Sum(x)), [builder.Parameter(new(DType.Float32, [2]))]));
        var error = Assert.Throws<UnsupportedOperatorException>(() => GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly));
        Assert.Contains("f32[]", error.Message, StringComparison.Ordinal);
        Assert.Contains("f32[2]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_form_without_decomposition_says_so()
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(new WholeOnly(), [builder.Parameter(new(DType.Float32, [2]))]));
        var error = Assert.Throws<UnsupportedOperatorException>(() => GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly));
        Assert.Equal("test_whole_only", error.Operator);
    }

    [Fact]
    public void Deep_graphs_need_no_deep_stack()
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [2]));
        for (var i = 0; i < 100_000; i++) x = builder.Emit(Relu.Form, [x]);
        builder.AddRoot(x);
        var graph = GraphDecomposer.Decompose(builder.Build(), CatalogTests.PrimitivesOnly);
        Assert.Equal(200_001, graph.Nodes.Length);
    }

    private sealed class Odd(Func<IrBuilder, Value, OperatorForm, Value> decompose) : OperatorForm("test_odd")
    {
        public override (int Least, int Most) OperandCount => (1, 1);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];

        public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) => [decompose(builder, operands[0], this)];
    }

    private sealed class WholeOnly() : OperatorForm("test_whole_only")
    {
        public override (int Least, int Most) OperandCount => (1, 1);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];
    }
}

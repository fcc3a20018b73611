using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

public class MemoryTests
{
    [Fact]
    public void Dead_temporaries_give_their_memory_back()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var x = g.Float(16, 16);
            for (var i = 0; i < 10; i++) x = Graphs.MatMul(g, x, g.Float(16, 16));
            return [x];
        }));
        Assert.Equal(2 * 16 * 16 * 4, program.WorkspaceBytes);
    }

    [Fact]
    public void Temporaries_start_at_multiples_of_64()
    {
        var program = Lower(Graphs.Build(g => [Graphs.MatMul(g, Graphs.MatMul(g, Graphs.MatMul(g, g.Float(3, 3), g.Float(3, 3)), g.Float(3, 3)),
            g.Float(3, 3))]));
        Assert.All(program.Buffers, buffer => Assert.Equal(0, buffer.WorkspaceOffset % 64));
        Assert.Equal(128, program.WorkspaceBytes);
    }

    [Fact]
    public void An_updated_weight_may_take_the_memory_of_the_old()
    {
        var program = Lower(Graphs.Build(g => [g.Apply(Primitives.Sub, g.Float(8, 8), Graphs.MatMul(g, g.Float(8, 8), g.Float(8, 8)))]));
        Assert.Contains(new(0, 0), program.MayAlias);
    }

    [Fact]
    public void An_input_that_is_read_elsewhere_than_it_is_stored_may_not_be_taken()
    {
        var program = Lower(Graphs.Build(g => g.Float(8, 8) is var x
            ? [g.Apply(Primitives.Add, x, g.Emit(Primitives.Reverse, [x], Attributes.Of(new[] { 0L })))] : []));
        Assert.Empty(program.MayAlias);
    }

    [Fact]
    public void An_input_that_is_read_again_later_may_not_be_taken()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var (w, x) = (g.Float(8, 8), g.Float(8, 8));
            var first = g.Apply(Primitives.Tanh, w);
            return [first, Graphs.MatMul(g, Graphs.MatMul(g, first, x), w)];
        }));
        Assert.DoesNotContain(new(0, 0), program.MayAlias);
    }

    [Fact]
    public void A_parameter_that_is_a_root_is_copied()
    {
        var program = Lower(Graphs.Build(g => [g.Float(8)]));
        Assert.Single(Assert.IsType<KernelStep>(Assert.Single(program.Steps)).Kernel.Expressions);
    }

    [Fact]
    public void A_value_that_is_a_root_twice_is_stored_twice()
    {
        var program = Lower(Graphs.Build(g => g.Apply(Primitives.Exp, g.Float(8)) is var x ? [x, x] : []));
        Assert.Equal(2, Assert.IsType<KernelStep>(Assert.Single(program.Steps)).Kernel.Stages[0].Stores.Count);
    }

    [Fact]
    public void A_call_sees_a_reshaped_operand_as_a_view()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var x = g.Apply(Primitives.Exp, g.Float(4, 6));
            return [g.Emit(Primitives.CumSum, [g.Emit(Primitives.Reshape, [x], Attributes.Of(Shape.Create([24L])))], Attributes.Of(0, false))];
        }));
        var call = Assert.Single(program.Steps.OfType<PrimitiveStep>());
        Assert.Equal([24L], program.Buffers[call.Inputs[0]].Type.Shape);
        Assert.Equal(2, program.Steps.Count);
        Assert.Equal(128, program.WorkspaceBytes);
    }

    [Fact]
    public void A_scalar_operand_of_a_call_is_stored_first()
    {
        var program = Lower(Graphs.Build(g => [g.Emit(Primitives.RandomBits, [g.Scalar(DType.UInt64), g.Scalar(DType.UInt64)],
            Attributes.Of(Shape.Create([8L])))]));
        Assert.Equal([typeof(KernelStep), typeof(KernelStep), typeof(PrimitiveStep)], program.Steps.Select(step => step.GetType()));
    }

    private static KernelProgram Lower(Graph graph) => ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken);
}

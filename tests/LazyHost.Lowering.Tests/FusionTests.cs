using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Lowering.Verification;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

public class FusionTests
{
    [Fact]
    public void A_chain_of_100_000_nodes_splits_into_100_kernels()
    {
        var program = Lower(Graphs.Chain(100_000, 16));
        Assert.Equal(100, program.Steps.Count);
        Assert.Equal(100_000, Kernels(program).Sum(kernel => kernel.Expressions.Count(e => e.Kind == KernelExpressionKind.Apply)));
    }

    [Fact]
    public void A_wide_graph_of_100_000_nodes_is_lowered_with_bounded_kernels()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var level = Enumerable.Range(0, 1000).Select(_ => g.Float(8)).ToArray();
            for (var depth = 0; depth < 100; depth++)
                level = [.. level.Select((x, i) => g.Apply(Primitives.Add, x, level[(i + 1) % level.Length]))];
            return level[..3];
        }));
        Assert.All(Kernels(program), kernel => Assert.True(kernel.Accesses.Count <= 128 && kernel.Expressions.Count <= 1100));
    }

    [Fact]
    public void Nothing_is_fused_joined_or_simplified_across_a_barrier()
    {
        KernelProgram Program(Func<GraphBuilder, Value, Value> barrier) => Lower(Graphs.Build(g =>
        {
            var x = g.Float(8, 8);
            var tanh = g.Apply(Primitives.Tanh, x);
            return [g.Apply(Primitives.Neg, g.Apply(Primitives.Add, barrier(g, g.Apply(Primitives.Neg, tanh)), g.Apply(Primitives.Tanh, barrier(g, x))))];
        }));
        var plain = Program((_, x) => x);
        Assert.Single(plain.Steps);
        var program = Program((g, x) => g.Apply(Primitives.Barrier, x));
        Assert.Equal(2, program.Steps.Count); // the value before is stored, and read where it is
        Assert.Equal(2, Kernels(program).Sum(kernel => kernel.Expressions.Count(e => e.Primitive == PrimitiveKind.Tanh)));
    }

    [Fact]
    public void All_operands_of_a_barrier_come_before_what_uses_it()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var (x, y) = (g.Float(8), g.Float(8));
            var (a, b) = (g.Apply(Primitives.Exp, x), g.Apply(Primitives.Tanh, y));
            return [b, g.Apply(Primitives.Neg, g.Apply(Primitives.Barrier, a, b)), g.Apply(Primitives.Add, g.Apply(Primitives.Barrier, x, a), x)];
        }));
        var order = Kernels(program).Select(kernel => kernel.Expressions.Where(e => e.Kind == KernelExpressionKind.Apply).Select(e => e.Primitive).ToArray()).ToList();
        int At(PrimitiveKind kind) => order.FindIndex(kinds => kinds.Contains(kind));
        Assert.True(At(PrimitiveKind.Exp) < At(PrimitiveKind.Neg) && At(PrimitiveKind.Tanh) < At(PrimitiveKind.Neg) && At(PrimitiveKind.Exp) < At(PrimitiveKind.Add));
    }

    [Fact]
    public void A_barrier_of_what_needs_no_computing_holds_too()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var ones = g.Apply(Primitives.Barrier, g.Number(1, Shape.Create([4L])));
            var x = g.Float(4);
            return [g.Apply(Primitives.Mul, x, ones), g.Apply(Primitives.Barrier, x), g.Apply(Primitives.Barrier, g.Apply(Primitives.Barrier, g.Apply(Primitives.Exp, x)))];
        }));
        Assert.Equal(4, program.Steps.Count); // ones stored, the product, a copy of x, and e^x into its output
    }

    [Fact]
    public void Without_fusion_each_node_is_a_step()
    {
        var program = Lower(Graphs.Chain(5, 4), new(Fusion: false));
        Assert.Equal(5, program.Steps.Count);
        Assert.All(Kernels(program), kernel => Assert.Single(kernel.Expressions, e => e.Kind == KernelExpressionKind.Apply));
    }

    [Fact]
    public void An_expensive_value_that_a_dot_needs_too_is_computed_once()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var hidden = g.Apply(Primitives.Tanh, g.Float(8, 8));
            return [Graphs.MatMul(g, hidden, g.Float(8, 8)), g.Apply(Primitives.Add, hidden, g.Float(8, 8))];
        }));
        Assert.Equal(1, Kernels(program).Sum(kernel => kernel.Expressions.Count(e => e.Primitive == PrimitiveKind.Tanh)));
    }

    [Fact]
    public void A_cheap_value_is_computed_again_rather_than_stored()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var relu = g.Apply(Primitives.Neg, g.Float(64, 64));
            return [g.Reduce(Primitives.ReduceSum, relu, 0), g.Reduce(Primitives.ReduceSum, relu, 1)];
        }));
        Assert.Equal(2, program.Steps.Count);
        Assert.Equal(0, program.WorkspaceBytes);
    }

    [Fact]
    public void An_expensive_row_vector_is_stored_before_it_is_spread_over_columns()
    {
        var program = Lower(Graphs.Build(g => [g.Apply(Primitives.Mul, g.Float(64, 64), g.Spread(g.Apply(Primitives.Exp, g.Float(64)), [64, 64], 1))]));
        Assert.Equal([64L, 4096L], Kernels(program).Select(kernel => kernel.OuterCount));
    }

    [Fact]
    public void A_value_that_is_a_root_and_used_on_is_stored_by_the_kernel_that_uses_it()
    {
        var program = Lower(Graphs.Build(g => g.Apply(Primitives.Exp, g.Float(8)) is var exp ? [exp, g.Apply(Primitives.Add, exp, exp)] : []));
        Assert.Equal(2, Assert.Single(Kernels(program)).Stages[0].Stores.Count);
    }

    [Fact]
    public void One_long_row_is_not_walked_twice_by_one_kernel()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var x = g.Float(1 << 20);
            return [g.Apply(Primitives.Div, x, g.Spread(g.Reduce(Primitives.ReduceSum, x, 0), [1 << 20]))];
        }));
        Assert.Equal(2, program.Steps.Count);
    }

    [Fact]
    public void Log_softmax_takes_its_logarithm_once_a_row()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var x = g.Float(64, 32);
            var shifted = g.Apply(Primitives.Sub, x, g.Spread(g.Reduce(Primitives.ReduceMax, x, 1), [64, 32], 0));
            var log = g.Apply(Primitives.Log, g.Reduce(Primitives.ReduceSum, g.Apply(Primitives.Exp, shifted), 1));
            return [g.Apply(Primitives.Sub, shifted, g.Spread(log, [64, 32], 0))];
        }));
        Assert.Equal(3, Assert.Single(Kernels(program)).Stages.Count);
    }

    [Fact]
    public void Rows_kept_by_a_reshape_are_still_rows()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var x = g.Emit(Primitives.Reshape, [g.Float(4, 16, 32)], Attributes.Of(Shape.Create([64L, 32L])));
            var norm = Graphs.LayerNorm(g, x, g.Float(32), g.Float(32));
            return [g.Apply(Primitives.Add, g.Emit(Primitives.Reshape, [norm], Attributes.Of(Shape.Create([4L, 16L, 32L]))),
                g.Spread(g.Float(32), [4, 16, 32], 2))];
        }));
        Assert.Equal(3, Assert.Single(Kernels(program)).Stages.Count);
    }

    [Fact]
    public void The_statistics_of_a_layer_norm_may_be_roots_too()
    {
        var program = Lower(Graphs.Build(g =>
        {
            var (mean, centered, variance) = Graphs.Moments(g, g.Float(64, 32));
            var deviation = g.Apply(Primitives.Rsqrt, variance);
            return [g.Apply(Primitives.Mul, centered, g.Spread(deviation, [64, 32], 0)), mean, deviation];
        }));
        var kernel = Assert.Single(Kernels(program));
        Assert.Equal([1, 1, 0], kernel.Stages.Select(stage => stage.RowStores.Count));
    }

    public static TheoryData<OperatorForm, Attributes, long[], long[]?> Views => new()
    {
        { Diagonal.Form, Diagonal.Encode(1, 2, 0), [6, 5, 8], null },
        { AsStrided.Form, AsStrided.Encode([3, 2, 5], [2, 50, 9], 6), [4, 40], null },
        { SliceScatter.Form, SliceScatter.Encode([0, 2], [1, 3], [5, 8], [1, 1]), [6, 5, 8], [4, 5, 5] },
        { DiagonalScatter.Form, Diagonal.Encode(1, 2, 0), [6, 5, 8], [5, 5] },
        { AsStridedScatter.Form, AsStrided.Encode([4, 5], [5, 1], 7), [30], [4, 5] },
    };

    [Theory]
    [MemberData(nameof(Views), DisableDiscoveryEnumeration = true)]
    public void Views_and_assignments_through_them_are_part_of_the_kernel_around_them(OperatorForm form, Attributes attributes, long[] sizes, long[]? source)
    {
        var graph = Graphs.Build(g =>
        {
            var x = g.Apply(Primitives.Neg, g.Float(sizes));
            return [g.Apply(Primitives.Abs, g.Emit(form, source is null ? [x] : [x, g.Apply(Primitives.Neg, g.Float(source))], attributes))];
        });
        var program = Lower(GraphDecomposer.Decompose(graph, (in OperatorQuery query) => query.Form is Primitive ? Capability.Whole : Capability.Decompose));
        Assert.IsType<KernelStep>(Assert.Single(program.Steps));
    }

    [Fact]
    public void Call_sites_stay_on_steps()
    {
        var g = new GraphBuilder();
        var (a, b) = (g.Float(4, 4), g.Float(4, 4));
        g.CallSite = new("Model.cs", 41);
        var dot = Graphs.MatMul(g, a, b);
        g.CallSite = new("Model.cs", 42);
        g.AddRoot(g.Apply(Primitives.Exp, dot));
        Assert.Equal([new("Model.cs", 41), new CallSite("Model.cs", 42)], Lower(g.Build()).Steps.Select(step => step.CallSite!.Value));
    }

    private static IReadOnlyList<Kernel> Kernels(KernelProgram program) => [.. program.Steps.OfType<KernelStep>().Select(step => step.Kernel)];

    private static KernelProgram Lower(Graph graph, CompilationOptions? options = null)
    {
        var program = ProgramLowering.Lower(graph, options ?? CompilationOptions.Default, TestContext.Current.CancellationToken);
        ProgramVerifier.Verify(program);
        return program;
    }
}

using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

public class DumpTests
{
    [Fact]
    public void A_chain_of_five_is_one_kernel() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[4, 8]
          b1 = input 1 : f32[4, 8]
          b2 = output 0 : f32[4, 8]
          output 0 may take the memory of input 0
          output 0 may take the memory of input 1
        kernel k0 [i0 < 32]
            e0 = load b0[i0] : f32
            e1 = load b1[i0] : f32
            e2 = mul(e0, e1) : f32
            e3 = add(e2, e1) : f32
            e4 = mul(e3, e1) : f32
            e5 = add(e4, e1) : f32
            e6 = mul(e5, e1) : f32
            b2[i0] = e6
        """, Graphs.Chain(5, 4, 8));

    [Fact]
    public void Softmax_is_one_kernel_of_three_stages() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[64, 32]
          b1 = output 0 : f32[64, 32]
        kernel k0 [i0 < 64] rows of [i1 < 32]
            e0 = load b0[32*i0 + i1] : f32
            e1 = r0.0 : f32
            e2 = sub(e0, e1) : f32
            e3 = exp(e2) : f32
            e4 = r1.0 : f32
            e5 = div(e3, e4) : f32
          stage 0
            r0.0 = reduce_max(e0)
          stage 1
            r1.0 = reduce_sum(e3)
          stage 2
            b1[32*i0 + i1] = e5
        """, g => [Graphs.Softmax(g, g.Float(64, 32))]);

    [Fact]
    public void Layer_norm_with_bias_and_residual_is_one_kernel() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[64, 32]
          b1 = input 1 : f32[64, 32]
          b2 = input 2 : f32[32]
          b3 = input 3 : f32[32]
          b4 = input 4 : f32[32]
          b5 = output 0 : f32[64, 32]
        kernel k0 [i0 < 64] rows of [i1 < 32]
            e0 = load b0[32*i0 + i1] : f32
            e1 = load b1[32*i0 + i1] : f32
            e2 = add(e0, e1) : f32
            e3 = load b2[i1] : f32
            e4 = add(e2, e3) : f32
            e5 = load b3[i1] : f32
            e6 = load b4[i1] : f32
            e7 = 32 : f32
            e8 = r0.0 : f32
            e9 = div(e8, e7) : f32
            e10 = sub(e4, e9) : f32
            e11 = mul(e10, e10) : f32
            e12 = r1.0 : f32
            e13 = div(e12, e7) : f32
            e14 = 1E-05 : f32
            e15 = add(e13, e14) : f32
            e16 = rsqrt(e15) : f32
            e17 = mul(e10, e16) : f32
            e18 = mul(e17, e5) : f32
            e19 = add(e18, e6) : f32
          stage 0
            r0.0 = reduce_sum(e4)
          stage 1
            r1.0 = reduce_sum(e11)
          stage 2
            b5[32*i0 + i1] = e19
        """, g => [Graphs.LayerNorm(g, g.Apply(Primitives.Add, g.Apply(Primitives.Add, g.Float(64, 32), g.Float(64, 32)), g.Spread(g.Float(32), [64, 32], 1)), g.Float(32), g.Float(32))]);

    [Fact]
    public void Mean_and_variance_are_row_stores_of_one_kernel() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[64, 32]
          b1 = output 0 : f32[64]
          b2 = output 1 : f32[64]
        kernel k0 [i0 < 64] rows of [i1 < 32]
            e0 = load b0[32*i0 + i1] : f32
            e1 = 32 : f32
            e2 = r0.0 : f32
            e3 = div(e2, e1) : f32
            e4 = sub(e0, e3) : f32
            e5 = mul(e4, e4) : f32
            e6 = r1.0 : f32
            e7 = div(e6, e1) : f32
          stage 0
            r0.0 = reduce_sum(e0)
            row b1[i0] = e3
          stage 1
            r1.0 = reduce_sum(e5)
            row b2[i0] = e7
        """, g => Graphs.Moments(g, g.Float(64, 32)) is var (mean, _, variance) ? [mean, variance] : []);

    [Fact]
    public void Bias_and_gelu_after_a_dot_are_one_kernel() => Holds("""
        program: 2 steps, workspace 1024 bytes
          b0 = input 0 : f32[8, 16]
          b1 = input 1 : f32[32, 16]
          b2 = input 2 : f32[32]
          b3 = output 0 : f32[8, 32]
          b4 = workspace @0 : f32[8, 32]
        dot f32 batch 1 m 8 n 32 k 16: b4[0; 256, 32, 1] = b0[0; 0, 16, 1] * b1[0; 0, 1, 16]
        kernel k0 [i0 < 8, i1 < 32]
            e0 = load b4[32*i0 + i1] : f32
            e1 = load b2[i1] : f32
            e2 = add(e0, e1) : f32
            e3 = mul(e2, e2) : f32
            e4 = mul(e2, e3) : f32
            e5 = 0.7978846 : f32
            e6 = 0.044715 : f32
            e7 = mul(e6, e4) : f32
            e8 = add(e2, e7) : f32
            e9 = mul(e5, e8) : f32
            e10 = 0.5 : f32
            e11 = mul(e10, e2) : f32
            e12 = 1 : f32
            e13 = tanh(e9) : f32
            e14 = add(e12, e13) : f32
            e15 = mul(e11, e14) : f32
            b3[32*i0 + i1] = e15
        """, g => [Graphs.Gelu(g, g.Apply(Primitives.Add, Graphs.MatMul(g, g.Float(8, 16), g.Float(32, 16), 1), g.Spread(g.Float(32), [8, 32], 1)))]);

    [Fact]
    public void A_transpose_is_read_through_strides() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[8, 4]
          b1 = input 1 : f32[4, 8]
          b2 = output 0 : f32[4, 8]
          output 0 may take the memory of input 1
        kernel k0 [i0 < 4, i1 < 8]
            e0 = load b0[i0 + 4*i1] : f32
            e1 = load b1[8*i0 + i1] : f32
            e2 = add(e1, e0) : f32
            b2[8*i0 + i1] = e2
        """, g => g.Float(8, 4) is var x ? [g.Apply(Primitives.Add, g.Float(4, 8), g.Emit(Primitives.Permute, [x], Attributes.Of(new[] { 1L, 0L })))] : []);

    [Fact]
    public void Padding_is_a_guarded_load() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[3, 4]
          b1 = output 0 : f32[3, 7]
        kernel k0 [i0 < 3, i1 < 7]
            e0 = 7 : f32
            e1 = load b0[-1 + 4*i0 + i1] if 1 <= i1 < 5 else e0 : f32
            e2 = neg(e1) : f32
            b1[7*i0 + i1] = e2
        """, g => [g.Apply(Primitives.Neg, g.Emit(Primitives.Pad, [g.Float(3, 4), g.Number(7, Shape.Scalar)], Attributes.Of(new[] { 0L, 1L }, new[] { 0L, 2L }, new[] { 0L, 0L })))]);

    [Fact]
    public void Parts_of_a_concat_are_stored_where_they_belong() => Holds("""
        program: 2 steps, workspace 0 bytes
          b0 = input 0 : f32[2, 3]
          b1 = input 1 : f32[2, 4]
          b2 = output 0 : f32[2, 7]
        kernel k0 [i0 < 2, i1 < 3]
            e0 = load b0[3*i0 + i1] : f32
            e1 = exp(e0) : f32
            b2[7*i0 + i1] = e1
        kernel k1 [i0 < 2, i1 < 4]
            e0 = load b1[4*i0 + i1] : f32
            b2[3 + 7*i0 + i1] = e0
        """, g => [g.Emit(Primitives.Concat, [g.Apply(Primitives.Exp, g.Float(2, 3)), g.Float(2, 4)], Attributes.Of(1))]);

    [Fact]
    public void A_sum_over_the_first_axis_walks_columns() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[16, 8]
          b1 = output 0 : f32[8]
        kernel k0 [i0 < 8] rows of [i1 < 16]
            e0 = load b0[i0 + 8*i1] : f32
            e1 = r0.0 : f32
          stage 0
            r0.0 = reduce_sum(e0)
            row b1[i0] = e1
        """, g => [g.Reduce(Primitives.ReduceSum, g.Float(16, 8), 0)]);

    [Fact]
    public void A_transposed_operand_of_a_dot_is_a_stride() => Holds("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[16, 8]
          b1 = input 1 : f32[16, 4]
          b2 = output 0 : f32[8, 4]
        dot f32 batch 1 m 8 n 4 k 16: b2[0; 32, 4, 1] = b0[0; 0, 1, 8] * b1[0; 0, 4, 1]
        """, g => [Graphs.MatMul(g, g.Emit(Primitives.Permute, [g.Float(16, 8)], Attributes.Of(new[] { 1L, 0L })), g.Float(16, 4))]);

    private static void Holds(string expected, Func<GraphBuilder, Value[]> make) => Holds(expected, Graphs.Build(make));

    private static void Holds(string expected, Graph graph) =>
        Assert.Equal(expected.ReplaceLineEndings("\n") + "\n",
            ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken).Dump());
}

using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Lowering.Tests.Interpreters;
using LazyHost.Operators;

namespace LazyHost.Lowering.Tests;

/// <summary>Which graphs become an attention step, and that the step computes what they do.</summary>
public class AttentionTests
{
    private const long Batch = 2, Heads = 3, Rows = 4, Keys = 5, Size = 6;

    [Fact]
    public void Heads_of_one_product_are_read_where_they_lie() => Assert.Equal("""
        program: 1 steps, workspace 0 bytes
          b0 = input 0 : f32[2, 4, 54]
          b1 = output 0 : f32[2, 4, 18]
        attention f32 batch 2 heads 3 queries 4 keys 4 head 6 value 6: b1[0; 72, 6, 18, 1] = softmax(b0[0; 216, 6, 54, 1] * b0[18; 216, 6, 54, 1] * scalar 0) * b0[36; 216, 6, 54, 1]

        """.ReplaceLineEndings("\n"), Lower(Graph(g =>
        {
            var heads = g.Permute(g.Reshape(g.Float(Batch, Rows, 3 * Heads * Size), [Batch, Rows, 3, Heads, Size]), 2, 0, 3, 1, 4);
            Value Part(int i) => g.Emit(Squeeze.Form, [g.Slice(heads, 0, i, i + 1)], Squeeze.Encode([0]));
            var scores = g.Mul(g.MatMul(Part(0), g.Transpose(Part(1))), g.Scalar(DType.Float32));
            return g.Reshape(g.Transpose(g.MatMul(Soft(g, scores), Part(2)), 1, 2), [Batch, Rows, Heads * Size]);
        })).Dump());

    [Fact]
    public void A_transformer_block_has_one_attention()
    {
        const int Tokens = 128, Width = 512, Many = 8;
        var program = Lower(Graph(g =>
        {
            var x = g.Float(4, Tokens, Width);
            Value Normal(Value y) => g.Emit(LayerNorm.Form, [y, g.Float(Width), g.Float(Width)], LayerNorm.Encode());
            var heads = g.Permute(g.Reshape(g.MatMul(Normal(x), g.Float(Width, 3 * Width)), [4, Tokens, 3, Many, Width / Many]), 2, 0, 3, 1, 4);
            Value Part(int i) => g.Emit(Squeeze.Form, [g.Slice(heads, 0, i, i + 1)], Squeeze.Encode([0]));
            var weights = Soft(g, g.Mul(g.MatMul(Part(0), g.Transpose(Part(1))), g.Scalar(DType.Float32)));
            var y = g.Add(x, g.MatMul(g.Reshape(g.Transpose(g.MatMul(weights, Part(2)), 1, 2), [4, Tokens, Width]), g.Float(Width, Width)));
            return g.Add(y, g.MatMul(g.Emit(Gelu.Form, [g.MatMul(Normal(y), g.Float(Width, 4 * Width))], Gelu.Encode()), g.Float(4 * Width, Width)));
        }));
        Assert.Contains("attention f32 batch 4 heads 8 queries 128 keys 128 head 64 value 64: ", Assert.Single(program.Dump().Split('\n'), line => line.StartsWith("attention", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(4, program.Steps.OfType<DotStep>().Count());
    }

    /// <summary>A name for each form, the graph, and what the step's text must hold.</summary>
    public static TheoryData<string> Forms => [.. Recognized.Keys];

    private static Dictionary<string, (Func<GraphBuilder, Value> Make, string Text)> Recognized { get; } = new()
    {
        ["plain"] = (g => Attend(g, s => s), "* 1)"),
        ["a constant scale"] = (g => Attend(g, s => g.Mul(s, 0.5)), "* 0.5)"),
        ["a scalar scale on the left"] = (g => Attend(g, s => g.Mul(g.Scalar(DType.Float32), s)), "* scalar 0)"),
        ["divided by a scalar"] = (g => Attend(g, s => g.Div(s, g.Scalar(DType.Float32))), "/ scalar 0)"),
        ["the operator"] = (g => Operator(g, null, false), "* 0.4082483"),
        ["the operator, causal"] = (g => Operator(g, null, true), "where key <= query + 0 else -Infinity)"),
        ["the operator, bool mask"] = (g => Operator(g, new(DType.Bool, [Batch, 1, 1, Keys]), false), " where b3[0; 5, 0, 0, 1] else -Infinity)"),
        ["the operator, mask of numbers"] = (g => Operator(g, new(DType.Float32, [Rows, Keys]), false), " + b3[0; 0, 0, 5, 1])"),
        ["the operator, f16"] = (g => Operator(g, new(DType.Float16, [Heads, Rows, 1]), false, DType.Float16), "attention f16 batch 2 heads 3 queries 4 keys 5 head 6 value 6"),
        ["bias and masked fill"] = (g => Attend(g, s => g.Where(g.Parameter(new(DType.Bool, [Rows, Keys])), g.Scalar(DType.Float32), g.Add(g.Float(Heads, Rows, Keys), g.Mul(s, 2)))),
            "* 2 + b3[0; 0, 20, 5, 1] where not b2[0; 0, 0, 5, 1] else scalar 0)"),
        ["a condition turned round"] = (g => Attend(g, s => g.Where(g.LogicalNot(g.Parameter(new(DType.Bool, [Keys]))), s, -1e9)), " where not b2[0; 0, 0, 0, 1] else -1000000000)"),
        ["a later diagonal"] = (g => Attend(g, s => g.Where(g.Gt(Ramp(g, 1), g.Add(Ramp(g, 0), g.Constant(DType.Int32, 1))), g.Constant(DType.Float32, -5), s)), " where key <= query + 1 else -5)"),
        ["a strict diagonal"] = (g => Attend(g, s => g.Where(g.Gt(g.Sub(Ramp(g, 0), Ramp(g, 1)), g.Constant(DType.Int32, -1)), s, -5)), " where key <= query + 0 else -5)"),
        ["batches of matrices"] = (g =>
        {
            var (q, k, v) = (g.Float(Batch, Rows, Heads, Size), g.Float(Batch, Heads, Size, Keys), g.Float(Batch, Keys, Heads, Size));
            Value Flat(Value x) => g.Reshape(x, [Batch * Heads, g.ShapeOf(x)[2], g.ShapeOf(x)[3]]);
            var scores = g.Add(g.Reshape(g.MatMul(Flat(g.Permute(q, 0, 2, 1, 3)), Flat(k)), [Batch, Heads, Rows, Keys]), g.Float(Batch, 1, 1, Keys));
            return g.MatMul(g.Reshape(Soft(g, scores), [Batch * Heads, Rows, Keys]), Flat(g.Permute(v, 0, 2, 1, 3)));
        }, "batch 2 heads 3 queries 4 keys 5 head 6 value 6: b4[0; 72, 24, 6, 1] = softmax(b0[0; 72, 6, 18, 1] * b1[0; 90, 30, 1, 5] * 1 + b3[0; 5, 0, 0, 1]) * b2[0; 90, 6, 18, 1]"),
        ["shared keys and values"] = (g => g.MatMul(Soft(g, g.MatMul(g.Float(Batch, Heads, Rows, Size), g.Transpose(g.Float(Batch, 1, Keys, Size)))), g.Float(Batch, 1, Keys, Size)),
            "* b1[0; 30, 0, 6, 1] * 1) * b2[0; 30, 0, 6, 1]"),
        ["a result turned round, used twice"] = (g =>
        {
            var turned = g.Permute(Attend(g, s => s), 2, 1, 0, 3);
            return g.Add(g.Abs(turned), g.Flip(turned, 0));
        }, "b4[0; 6, 12, 36, 1] = softmax("),
        ["a result used turned and straight"] = (g =>
        {
            var result = Attend(g, s => s);
            return g.Add(g.Transpose(result), g.Reshape(result, [Batch, Heads, Size, Rows]));
        }, "b4[0; 0, 24, 6, 1] = softmax("),
        ["one query, one key"] = (g => g.MatMul(Soft(g, g.MatMul(g.Float(1, Size), g.Transpose(g.Float(1, Size)))), g.Float(1, Size)), "attention f32 batch 1 heads 1 queries 1 keys 1"),
    };

    [Theory, MemberData(nameof(Forms))]
    public void A_form_of_attention_is_one_step_with_the_same_result(string name)
    {
        var (make, text) = Recognized[name];
        var graph = Graph(make);
        var (fused, plain) = (Lower(graph), ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken));
        var step = Assert.Single(fused.Steps.OfType<AttentionStep>());
        Assert.Contains(text, fused.Dump(), StringComparison.Ordinal);
        Assert.Empty(plain.Steps.OfType<AttentionStep>());
        var random = new Random(1);
        var inputs = graph.Parameters.Select(type => Enumerable.Range(0, (int)type.Shape.ElementCount)
            .Select(_ => type.DType == DType.Bool ? random.Next(2) : Elements.Of((2 * random.NextDouble()) - 1, type.DType)).ToArray()).ToArray();
        long[] scalars = [.. graph.Scalars.Select(type => Elements.Of(-1.5, type))];
        var (actual, expected) = (ProgramInterpreter.Run(fused, inputs, scalars)[0], ProgramInterpreter.Run(plain, inputs, scalars)[0]);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(Elements.Float(expected[i]), Elements.Float(actual[i]), step.Sizes.DType == DType.Float16 ? 3e-3 : 1e-5);
    }

    /// <summary>A name for each graph.</summary>
    public static TheoryData<string> Others => [.. NotRecognized.Keys];

    private static Dictionary<string, Func<GraphBuilder, Value[]>> NotRecognized { get; } = new()
    {
        ["weights are a result, too"] = g =>
        {
            var weights = Soft(g, Scores(g));
            return [g.MatMul(weights, g.Float(Batch, Heads, Keys, Size)), weights];
        },
        ["scores are used again"] = g =>
        {
            var scores = Scores(g);
            return [g.Add(g.MatMul(Soft(g, scores), g.Float(Batch, Heads, Keys, Size)), g.Sum(scores))];
        },
        ["the greatest score is used again"] = g =>
        {
            var scores = Scores(g);
            return [g.MatMul(Soft(g, scores), g.Float(Batch, Heads, Keys, Size)), g.Max(scores, [-1], keepDims: true)];
        },
        ["softmax over queries"] = g => [g.MatMul(g.Emit(Softmax.Form, [Scores(g)], SoftmaxForm.Encode(2)), g.Float(Batch, Heads, Keys, Size))],
        ["softmax over heads and keys"] = g => [g.MatMul(g.Reshape(Soft(g, g.Reshape(Scores(g), [Batch, Heads * Rows * Keys])), [Batch, Heads, Rows, Keys]), g.Float(Batch, Heads, Keys, Size))],
        ["weights turned round"] = g => [g.MatMul(g.Transpose(Soft(g, Scores(g))), g.Float(Batch, Heads, Rows, Size))],
        ["the least is taken away"] = g => [g.MatMul(Divided(g, Scores(g), (s, b) => b.Min(s, [-1], keepDims: true), e => e), g.Float(Batch, Heads, Keys, Size))],
        ["divided by another sum"] = g => [g.MatMul(Divided(g, Scores(g), (s, b) => b.Max(s, [-1], keepDims: true), e => g.Abs(e)), g.Float(Batch, Heads, Keys, Size))],
        ["no softmax"] = g => [g.MatMul(g.Exp(Scores(g)), g.Float(Batch, Heads, Keys, Size))],
        ["a scale for each head"] = g => [g.MatMul(Soft(g, g.Mul(Scores(g), g.Float(Heads, 1, 1))), g.Float(Batch, Heads, Keys, Size))],
        ["a number divided by scores"] = g => [g.MatMul(Soft(g, g.Div(g.Constant(DType.Float32, 2), Scores(g))), g.Float(Batch, Heads, Keys, Size))],
        ["a bound on scores"] = g => [g.MatMul(Soft(g, g.Maximum(Scores(g), 0)), g.Float(Batch, Heads, Keys, Size))],
        ["weights dropped out"] = g => [g.MatMul(g.Mul(Soft(g, Scores(g)), g.Float(Batch, Heads, Rows, Keys)), g.Float(Batch, Heads, Keys, Size))],
        ["no scores of a product"] = g => [g.MatMul(Soft(g, g.Float(Batch, Heads, Rows, Keys)), g.Float(Batch, Heads, Keys, Size))],
        ["no keys"] = g => [g.MatMul(Soft(g, g.MatMul(g.Float(Rows, Size), g.Float(Size, 0))), g.Float(0, Size))],
        ["columns of length 0"] = g => [g.MatMul(Soft(g, g.MatMul(g.Float(Rows, 0), g.Float(0, Keys))), g.Float(Keys, Size))],
    };

    [Theory, MemberData(nameof(Others))]
    public void What_is_no_attention_takes_the_steps_it_took(string name)
    {
        var graph = Graphs.Build(NotRecognized[name]);
        graph = GraphDecomposer.Decompose(graph, Primitive);
        Assert.Equal(ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken).Dump(), Lower(graph).Dump());
    }

    [Fact]
    public void The_backend_decides_by_sizes_and_without_fusion_nothing_is_joined()
    {
        var graph = Graph(g => Attend(g, s => s));
        Assert.Empty(ProgramLowering.Lower(graph, CompilationOptions.Default, sizes => sizes.Keys > Keys, TestContext.Current.CancellationToken).Steps.OfType<AttentionStep>());
        Assert.Empty(ProgramLowering.Lower(graph, new(Fusion: false), _ => true, TestContext.Current.CancellationToken).Steps.OfType<AttentionStep>());
    }

    private static KernelProgram Lower(Graph graph)
    {
        var program = ProgramLowering.Lower(graph, CompilationOptions.Default, _ => true, TestContext.Current.CancellationToken);
        Verification.ProgramVerifier.Verify(program);
        return program;
    }

    private static Graph Graph(Func<GraphBuilder, Value> make) => GraphDecomposer.Decompose(Graphs.Build(g => [make(g)]), Primitive);

    private static Capability Primitive(in OperatorQuery query) =>
        query.Form is Primitive || query.Form == InputForms.Parameter || query.Form == InputForms.Scalar ? Capability.Whole : Capability.Decompose;

    private static Value Soft(GraphBuilder g, Value scores) => g.Emit(Softmax.Form, [scores], SoftmaxForm.Encode(-1));

    private static Value Scores(GraphBuilder g) => g.MatMul(g.Float(Batch, Heads, Rows, Size), g.Transpose(g.Float(Batch, Heads, Keys, Size)));

    private static Value Attend(GraphBuilder g, Func<Value, Value> changed) => g.MatMul(Soft(g, changed(Scores(g))), g.Float(Batch, Heads, Keys, Size));

    private static Value Ramp(GraphBuilder g, int axis) => g.Iota(new(DType.Int32, [Rows, Keys]), axis);

    private static Value Divided(GraphBuilder g, Value scores, Func<Value, GraphBuilder, Value> least, Func<Value, Value> changed)
    {
        var exponentials = g.Exp(g.Sub(scores, least(scores, g)));
        return g.Div(exponentials, g.Sum(changed(exponentials), [-1], keepDims: true));
    }

    private static Value Operator(GraphBuilder g, TensorType? mask, bool isCausal, DType type = DType.Float32)
    {
        Value Input(long rows) => g.Parameter(new(type, [Batch, Heads, rows, Size]));
        Value[] three = [Input(Rows), Input(Keys), Input(Keys)];
        return g.Emit(ScaledDotProductAttention.Form, mask is { } given ? [.. three, g.Parameter(given)] : three, ScaledDotProductAttention.Encode(isCausal));
    }
}

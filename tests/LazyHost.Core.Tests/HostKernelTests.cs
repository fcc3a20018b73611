using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Tests;

/// <summary>Operators of the program's own that bring code of their own.</summary>
public sealed class HostKernelTests : IAsyncDisposable
{
    private readonly TestEngine lazy = new(null, new SimdBackend(new SimdSettings { Threads = 1 }));

    public ValueTask DisposeAsync() => lazy.DisposeAsync();

    private static Tensor[] Apply(ScaledForm form, Tensor x, Tensor y, Operand scale, long offset)
    {
        var further = new Tensor[1];
        return [Tensor.Record(x.Device, form, [x, y, scale], Attributes.Of(offset), null, 0, further), further[0]];
    }

    [Fact]
    public async Task ItsCodeIsAStepOfTheProgramAndElsewhereItIsDecomposed()
    {
        await using var reference = new TestEngine();
        foreach (var engine in new[] { lazy, reference })
        {
            var form = new ScaledForm();
            var results = Apply(form, engine.Tensor(1, 2, 3) + 1, engine.Tensor(4, 5, 6)[1..], 0.5, 7);
            var sum = results[0].Sum() + results[1].Sum();
            Assert.Equal((1 + 1.5f + 2 + 21) + (2.5f + 3), sum.Item());
            Assert.Equal(engine == lazy ? 1 : 0, form.Runs);
        }
        Assert.Contains("call test_scaled(", lazy.Device.DumpLatestProgram(), StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersAreParametersAndAttributesAreNot()
    {
        var form = new ScaledForm();
        var x = lazy.Tensor(1, 2);
        foreach (var scale in new[] { 2.0, 3, 4 }) Assert.Equal([(float)scale + 1, (float)(2 * scale) + 1], Apply(form, x, x, scale, 1)[0].ToArray<float>());
        Assert.Equal(1, lazy.Programs);
        Assert.Equal([3f, 4], Apply(form, x, x, 1, 2)[0].ToArray<float>());
        Assert.Equal(2, lazy.Programs);
        Assert.Equal([], Apply(form, lazy.Tensor(), lazy.Tensor(), 1, 2)[1].ToArray<float>());
    }

    [Fact]
    public void WhereItsCodeDoesNotServeTheOperandsItIsDecomposed()
    {
        var form = new ScaledForm();
        var x = Tensor.From([1.0, 2], [2], lazy.Device);
        Assert.Equal([3.0, 5], Apply(form, x, x, 2, 1)[0].ToArray<double>());
        Assert.Equal(0, form.Runs);
    }

    [Fact]
    public void ItsGradientIsThatOfTheForm()
    {
        var w = new Parameter(lazy.Tensor(1, 2));
        var results = Apply(new(), w, w * 2, 3, 0);
        (results[0].Sum() + results[1].Sum()).Backward();
        Assert.Equal([9f, 9], w.Grad!.ToArray<float>());
    }

    [Fact]
    public void NodesThatNobodyNeedsAreNotRun()
    {
        var form = new ScaledForm();
        var x = lazy.Tensor(1, 2);
        using (lazy.Device.Fork())
        {
            var unused = Apply(form, x, x, 3, 0)[0] * 2;
            Assert.Equal([2f, 3], (x + 1).ToArray<float>());
            Assert.Equal([6f, 12], unused.ToArray<float>());
        }
        Assert.Equal(1, form.Runs);
    }

    [Theory]
    [InlineData(nameof(InvalidOperationException), "it is too large")]
    [InlineData(nameof(OperationCanceledException), "it is too large")]
    [InlineData(nameof(DTypeMismatchException), "operand 0 is f32[2], but was taken as Int64")]
    public async Task WhatItThrowsFailsTheRunAndNamesOperatorAndPlace(string type, string message)
    {
        var x = lazy.Tensor(1, 2);
        var state = lazy.Tensor(5, 5);
        await lazy.Device.WaitDeviceOpsAsync(TestContext.Current.CancellationToken);
        var y = Tensor.Apply(new FailingForm(type), [x * 2]);
        state.Assign(y);
        var error = await Assert.ThrowsAsync<ExecutionException>(() => y.ToArrayAsync<float>(TestContext.Current.CancellationToken));
        Assert.Equal("test_failing", error.Operator);
        Assert.EndsWith("HostKernelTests.cs", error.CallSite!.Value.File, StringComparison.Ordinal);
        Assert.Contains($"its kernel threw {type}: {message}", error.Message, StringComparison.Ordinal);
        Assert.Equal([5f, 5], state.ToArray<float>());
        Assert.Equal([2f, 4], (x * 2).ToArray<float>());
    }

    [Fact]
    public async Task OneWithoutDecompositionRunsOnlyWhereItsCodeDoes()
    {
        await using var alone = new TestEngine();
        Assert.Throws<UnsupportedOperatorException>(() => Tensor.Apply(new FailingForm(""), [alone.Tensor(1)]).ToArray<float>());
        await using var both = new LazyEngine(new() { FallbackChain = ["simd"] });
        var device = both.AddBackend(new ReferenceBackend(), "reference", "test")[0];
        both.AddBackend(new SimdBackend(new SimdSettings { Threads = 1 }), "simd", "test");
        Assert.Equal([3f, 4], (Tensor.Apply(new FailingForm(""), [Tensor.From([1f, 2], [2], device)]) + 2).ToArray<float>());
    }

    [Fact]
    public async Task ManyThreadsRunItAtOnce()
    {
        var form = new ScaledForm();
        var f = Lazy.Compile(x => Apply(form, x, x, 2, 1)[0] + 1);
        float[] Run(int i) => f.Run(lazy.Tensor(i, 2 * i)).ToArray<float>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
        {
            for (var n = 0; n < 50; n++) Assert.Equal([(2f * i) + 2, (4f * i) + 2], Run(i));
        })));
        Assert.Equal(16 * 50, form.Runs);
    }

    [Fact]
    public void TheKeyOfAProgramOnDiskCoversTheBuildOfItsCode()
    {
        byte[] Key(OperatorForm form)
        {
            var builder = new GraphBuilder();
            builder.AddRoot(builder.Emit(form, [builder.Parameter(new(DType.Float32, Shape.Create([2L])))]));
            return ProgramKey.Of(lazy.Device, builder.Build(), new());
        }
        var build = typeof(FailingForm).Module.ModuleVersionId.ToByteArray();
        Assert.True(Key(new FailingForm("")).AsSpan().IndexOf(build) > 0);
        Assert.True(Key(Primitives.Neg).AsSpan().IndexOf(build) < 0);
    }

    /// <summary>Of x, y and a number n: x * n + offset, and y * n.</summary>
    private sealed class ScaledForm() : OperatorForm("test_scaled", new AttributeSpec("offset", AttributeKind.Int)), IHostKernel
    {
        private int runs;

        public int Runs => Volatile.Read(ref runs);

        public override (int Least, int Most) OperandCount => (3, 3);

        public override int OutputCount => 2;

        public override bool IsDifferentiable => true;

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => (outputs[0], outputs[1]) = (context.Operands[0], context.Operands[1]);

        public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
            [builder.Add(builder.Mul(operands[0], operands[2]), attributes.Int(Attributes, 0)), builder.Mul(operands[1], operands[2])];

        public override void Gradient(GradientContext context)
        {
            for (var i = 0; i < 2; i++)
                if (context.Needs(i) && context.OutputGradient(i) is { } gradient) context.Set(i, context.Builder.Mul(gradient, context.Operand(2)));
        }

        public bool Supports(string backendKind, in OperatorQuery query) => backendKind == "simd" && query.Operands[0].DType == DType.Float32;

        public void Run(in HostKernelArguments arguments)
        {
            Interlocked.Increment(ref runs);
            var scale = arguments.Input<float>(2)[0];
            for (var output = 0; output < 2; output++)
            {
                var from = arguments.Input<float>(output);
                var to = arguments.Output<float>(output);
                for (var i = 0; i < from.Length; i++) to[i] = (from[i] * scale) + (output == 0 ? arguments.Int(0) : 0);
            }
        }
    }

    /// <summary>The operand as it is, unless it is to throw.</summary>
    private sealed class FailingForm(string type) : OperatorForm("test_failing"), IHostKernel
    {
        public override (int Least, int Most) OperandCount => (1, 1);

        public override void Infer(in InferenceContext context, Span<TensorType> outputs) => outputs[0] = context.Operands[0];

        public void Run(in HostKernelArguments arguments)
        {
            if (type == nameof(InvalidOperationException)) throw new InvalidOperationException("it is too large");
            if (type == nameof(OperationCanceledException)) throw new OperationCanceledException("it is too large");
            if (type == nameof(DTypeMismatchException)) _ = arguments.Input<long>(0);
            arguments.Input<float>(0).CopyTo(arguments.Output<float>(0));
        }
    }
}

using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;
using Microsoft.Extensions.Logging;

namespace LazyHost.Tests;

/// <summary>Operators a backend cannot run go to the fallback chain one by one: how they are cut into parts, what is copied, what is said.</summary>
public sealed class FallbackTests
{
    private static async Task<float[]> OnReferenceAsync(Func<Tensor, Tensor> program, params float[] values)
    {
        await using var reference = new TestEngine();
        return program(reference.Tensor(values)).ToArray<float>();
    }

    [Fact]
    public async Task OnlyTheRefusedOperatorLeavesTheDevice()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"), new PartialBackend("other"));
        static Tensor Program(Tensor x) => (x + 1).Tanh() * 2;
        for (var i = 0; i < 3; i++)
        {
            var y = Program(lazy.Tensor(0, i));
            Assert.Equal("own", y.Device.Id.Kind);
            Assert.Equal(await OnReferenceAsync(Program, 0, i), y.ToArray<float>());
        }
        Assert.Equal((2, 1), lazy.Parts);
        Assert.Equal(["tanh"], Assert.Single(lazy.Chain[0].Compiled));
        Assert.Equal((3, 3), lazy.Copies);
        Assert.Equal((1, 1), (lazy.Engine.Metrics.UncachedCompile.Total, lazy.Engine.Metrics.Fallback.Total));
        Assert.Equal(new Dictionary<string, long> { ["fallback::tanh"] = 3 }, lazy.Engine.Metrics.FallbackOperators);
    }

    [Theory]
    [InlineData("first", 1, 1, 1, 1)]
    [InlineData("last", 1, 1, 1, 1)]
    [InlineData("all", 0, 1, 1, 1)]
    [InlineData("every second", 3, 3, 3, 3)]
    [InlineData("used twice", 2, 1, 1, 2)]
    [InlineData("an input twice", 1, 1, 1, 2)]
    [InlineData("diamond", 2, 1, 1, 1)]
    [InlineData("side by side", 2, 1, 2, 2)]
    [InlineData("one later", 2, 1, 2, 2)]
    [InlineData("a copy stays there", 2, 2, 2, 2)]
    [InlineData("a result stays there", 1, 2, 2, 2)]
    [InlineData("nothing", 1, 0, 0, 0)]
    public async Task PartsAndCopiesAreAsFewAsPossible(string name, int own, int chain, int copiesIn, int copiesOut)
    {
        Func<Tensor, Tensor> program = name switch
        {
            "first" => static x => x.Tanh() + 1,
            "last" => static x => (x + 1).Tanh(),
            "all" => static x => x.Tanh().Exp().Tanh(),
            "every second" => static x => (((x + 1).Tanh() * 3).Tanh() - 1).Exp(),
            "used twice" => static x => { var t = x + 1; return t.Tanh() + t.Exp(); },
            "an input twice" => static x => x.Tanh() + x.Exp(),
            "diamond" => static x => { var t = x + 1; return t.Tanh() + (t * 2); },
            "side by side" => static x => (x + 1).Tanh() * (x * 2).Exp(),
            "one later" => static x => (x + 1).Tanh() * (x.Tanh() + 1),
            "a copy stays there" => static x => { var t = x + 1; return (t.Tanh() * 2).Maximum(t); },
            "a result stays there" => static x => { var t = x.Tanh(); return (t + 1).Maximum(t); },
            _ => static x => x + 1,
        };
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh", "prim.exp", "prim.max"), new PartialBackend("other"));
        Assert.Equal(await OnReferenceAsync(program, 0.5f, -1), program(lazy.Tensor(0.5f, -1)).ToArray<float>());
        Assert.Equal((own, chain), lazy.Parts);
        Assert.Equal((copiesIn, copiesOut), lazy.Copies);
    }

    [Fact]
    public async Task EachOperatorGoesToTheFirstOfTheChainThatCanRunIt()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh", "prim.exp", "prim.sin"), new PartialBackend("near", "prim.exp"), new PartialBackend("far"));
        static Tensor Program(Tensor x) => (x.Tanh().Exp() + x.Sin()).Exp();
        Assert.Equal(await OnReferenceAsync(Program, 0.5f, 2), Program(lazy.Tensor(0.5f, 2)).ToArray<float>());
        Assert.Equal(["tanh", "sin"], Assert.Single(lazy.Chain[0].Compiled));
        Assert.Equal([["exp"], ["exp"]], lazy.Chain[1].Compiled);
        Assert.Equal(["add"], Assert.Single(lazy.Own.Compiled));
    }

    [Fact]
    public async Task AWholeOperatorFallsBackWhenOnePrimitiveOfItIsRefused()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.exp"), new PartialBackend("other"));
        static Tensor Program(Tensor x) => (x * 3).Softmax() - 1;
        Assert.Equal(await OnReferenceAsync(Program, 1, 2, 3), Program(lazy.Tensor(1, 2, 3)).ToArray<float>());
        Assert.Equal((2, 1), lazy.Parts);
        Assert.Contains("reduce_max", Assert.Single(lazy.Chain[0].Compiled));
        Assert.DoesNotContain("reduce_max", lazy.Own.Compiled.SelectMany(c => c));
    }

    [Fact]
    public async Task RootsInsideAPartThatFellBackReachTheirTensors()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"), new PartialBackend("other"));
        await using var reference = new TestEngine();
        static Tensor[] Program(Tensor x)
        {
            var t = (x + 1).Tanh().Keep();
            return [t, (t * 2).Keep(), x.Keep(), (t * 2).Tanh()];
        }
        var (expected, found) = (Program(reference.Tensor(1, 2)), Program(lazy.Tensor(1, 2)));
        lazy.Device.MarkStep();
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i].ToArray<float>(), found[i].ToArray<float>());
        Assert.Equal((2, 2), lazy.Parts);
        Assert.Equal((2, 2), lazy.Copies);
    }

    [Fact]
    public async Task SeveralOutputsOfOneOperatorAreCopiedWhereTheyAreUsed()
    {
        await using var lazy = new PartialEngine(new LazyEngineOptions { ForcedFallback = ["batch_norm"] }, new PartialBackend("own"), new PartialBackend("other"));
        await using var reference = new TestEngine();
        static float[] Program(Device device)
        {
            var x = Tensor.From([.. Enumerable.Range(0, 24).Select(i => i * i % 7f)], [4, 2, 3], device);
            var (result, mean, variance) = x.BatchNorm(Tensor.Ones([2], device), Tensor.Zeros([2], device));
            return ((result * 2).Sum() + (mean - variance).Sum()).ToArray<float>();
        }
        Assert.Equal(Program(reference.Device), Program(lazy.Device));
        Assert.Equal(3, lazy.Copies.Out);
    }

    [Fact]
    public async Task AVariableThatIsGivenAnInputAndRandomNumbersFallBackToo()
    {
        await using var lazy = new PartialEngine(new LazyEngineOptions { ForcedFallback = ["random_uniform"] }, new PartialBackend("own"), new PartialBackend("other"));
        await using var reference = new TestEngine();
        static float[] Program(Device device)
        {
            var w = new Parameter(Tensor.From([1f, 2f], [2], device));
            var x = Tensor.From([3f, 4f], [2], device);
            w.Assign(x);
            var y = (Tensor.RandomUniform([2], device) * x).Keep();
            device.MarkStep();
            return [.. w.ToArray<float>(), .. y.ToArray<float>()];
        }
        Assert.Equal(Program(reference.Device), Program(lazy.Device));
        Assert.Equal(1, lazy.Parts.Chain);
    }

    [Fact]
    public async Task ForcedOperatorsFallBackAlthoughTheBackendCanRunThem()
    {
        await using var lazy = new PartialEngine(new LazyEngineOptions { ForcedFallback = ["tanh"] }, new PartialBackend("own"), new PartialBackend("other"));
        static Tensor Program(Tensor x) => (x + 1).Tanh();
        Assert.Equal(await OnReferenceAsync(Program, 1, 2), Program(lazy.Tensor(1, 2)).ToArray<float>());
        Assert.Equal((1, 1), lazy.Parts);
        Assert.Equal(MathF.Tanh(1), Tensor.From([1f], [1], lazy.Fallback).Tanh().Item(), 1e-6f); // a device of the chain runs it itself
    }

    [Fact]
    public void AForcedOperatorThatDoesNotExistIsAConfigurationError() =>
        Assert.Contains("tanhh", Assert.Throws<ConfigurationException>(() => new LazyEngine(new() { ForcedFallback = ["tanh", "tanhh"] })).Message);

    [Fact]
    public async Task WithoutAChainAnErrorSaysWhatToConfigure()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"));
        var x = lazy.Tensor(1);
        var error = Assert.Throws<UnsupportedOperatorException>(() => x.Tanh().Item());
        Assert.Equal("tanh", error.Operator);
        Assert.Equal($"{nameof(FallbackTests)}.cs", Path.GetFileName(error.CallSite?.File));
        Assert.Contains("own-plugin", error.Message);
        Assert.Contains("own:0", error.Message);
        Assert.Contains("Fallback:Chain", error.Message);
        Assert.Equal(2f, (x + 1).Item());
    }

    [Fact]
    public async Task AForcedOperatorWithoutAChainIsRefused()
    {
        await using var lazy = new PartialEngine(new LazyEngineOptions { ForcedFallback = ["tanh"] }, new PartialBackend("own"));
        Assert.Contains("Fallback:Force", Assert.Throws<UnsupportedOperatorException>(() => lazy.Tensor(1).Tanh().Item()).Message);
    }

    [Fact]
    public async Task AChainThatCannotEitherIsNamed()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"), new PartialBackend("near", "prim.tanh"), new PartialBackend("far", "tanh"));
        var error = Assert.Throws<UnsupportedOperatorException>(() => lazy.Tensor(1).Tanh().Item());
        Assert.Contains("near:0, far:0", error.Message);
        Assert.Equal("tanh", error.Operator);
    }

    [Fact]
    public async Task EachOperatorIsLoggedOnceADevice()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh", "prim.exp"), new PartialBackend("other"));
        foreach (var size in new[] { 1, 2, 3 }) _ = (Tensor.Ones([size], lazy.Device).Tanh() + 1).Exp().Tanh().ToArray<float>();
        var warnings = lazy.Log.Lines.Where(l => l.Level == LogLevel.Warning).Select(l => l.Text).ToList();
        Assert.Equal(2, warnings.Count);
        Assert.Contains(warnings, w => w.StartsWith("tanh on own:0 falls back to other:0", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.StartsWith("exp on own:0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADeviceSaysWhatItsBackendLacksAndWhereThatRuns()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh", "gelu", "prim.sin"), new PartialBackend("near", "prim.sin", "prim.tanh"), new PartialBackend("far", "prim.sin"));
        var missing = lazy.Device.FindMissingOperators();
        Assert.Equal(["gelu", "sin", "tanh"], missing.Select(m => m.Name));
        MissingOperator Find(string name) => missing.Single(m => m.Name == name);
        Assert.Equal("far:0", Find("tanh").Fallback.ToString());
        Assert.Equal("near:0", Find("gelu").Fallback.ToString());
        Assert.Null(Find("sin").Fallback);
        Assert.All(missing, m => Assert.True(m.IsWhole));
        Assert.Empty(lazy.Own.Compiled);
        Assert.Equal("sin", Assert.Single(lazy.Engine.Devices[2].FindMissingOperators()).Name);
    }

    [Fact]
    public async Task ABackendThatCannotSayWhatItRunsIsAPluginError()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own") { OnQuery = static () => new InvalidOperationException("no idea") });
        Assert.Contains("no idea", Assert.Throws<PluginException>(lazy.Device.FindMissingOperators).Message);
        Assert.Contains("no idea", Assert.Throws<CompilationException>(() => (lazy.Tensor(1) + 1).Item()).Message);
    }

    [Fact]
    public async Task ADumpShowsEveryPart()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.tanh"), new PartialBackend("other"));
        var graph = new LazyHost.IR.GraphBuilder();
        var x = graph.Parameter(new(DType.Float32, [2]));
        graph.AddRoot(graph.Emit(Operators.Tanh.Form, [graph.Emit(Operators.Neg.Form, [x])]));
        var computation = new SegmentCompiler(lazy.Engine, lazy.Log).Compile(lazy.Device, graph.Build(), new(lazy.Engine.Options.Compilation));
        Assert.Contains("part 1 of 2: neg on own:0 (backend 'own-plugin')", computation.Dump());
        Assert.Contains("part 2 of 2: tanh on other:0 (backend 'other-plugin')", computation.Dump());
        Assert.Equal(2, computation.KernelCount);
        computation.Drop();
    }

    [Fact]
    public async Task TrainingOnSimdWithForcedOperatorsLearnsTheSame()
    {
        string[] forced = ["relu", "cross_entropy", "max_pool_backward", "sqrt"];
        var plain = await TrainAsync(new());
        var parted = await TrainAsync(new() { FallbackChain = ["reference"], ForcedFallback = forced });
        for (var i = 0; i < plain.Count; i++) Assert.Equal(plain[i], parted[i], 1e-4f);
        Assert.True(parted[^1] < parted[0]);
    }

    private static async Task<List<float>> TrainAsync(LazyEngineOptions options)
    {
        await using var lazy = new TestEngine(options, new SimdBackend(new SimdSettings()));
        lazy.Engine.AddBackend(new ReferenceBackend(), "fallback", "test");
        var device = lazy.Device;
        var model = new Sequential(new Conv2d(1, 4, 3, device, padding: 1, seed: 1), new ReLU(), new MaxPool2d(2), new Flatten(), new Linear(4 * 4 * 4, 10, device, seed: 3));
        var optimizer = new Adam(model.Parameters(), 3e-3);
        var losses = new List<float>();
        for (var step = 0; step < 8; step++)
        {
            var x = Initialize.Normal([8, 1, 8, 8], 0, 1, device, 9, (ulong)step);
            var labels = Tensor.From(Enumerable.Range(0, 8).Select(i => (long)i).ToArray(), [8], device);
            var loss = model.Forward(x).CrossEntropy(labels);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            device.MarkStep();
            losses.Add(loss.Item());
        }
        Assert.Equal(1, lazy.Compiles);
        return losses;
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests.Usage;

/// <summary>How often programs as people write them are compiled: the table of docs/caching.md, held to what happens.</summary>
public sealed class UsageTests
{
    private const int Steps = 100, WarmUp = 20;

    /// <summary>By the name in the table: makes a scenario, and gives its step.</summary>
    private static readonly Dictionary<string, Func<Model, Action<int>>> Scenarios = new()
    {
        ["a learning rate that changes each step"] = model => i =>
        {
            model.Optimizer.LearningRate = 0.1 / (1 + i);
            model.Train();
        },
        ["a schedule that passes 0 and 1"] = model => i =>
        {
            model.Optimizer.LearningRate = (i % 5) / 2.0;
            model.Train(loss => loss * (i % 3) + ((i % 4) - 1));
        },
        ["a noise whose mean and deviation pass 0 and 1"] = model => i =>
            model.Train(loss => loss + (Tensor.RandomNormal([4], model.Device, mean: i % 2, deviation: i % 3).Mean() * 0.01)),
        ["numbers that are sometimes equal"] = model => i => model.Train(loss => (loss * (1 + (i % 2))) + (1 + (i % 3))),
        ["optimizer state made late, in step 10"] = model =>
        {
            Tensor? average = null;
            return i =>
            {
                model.Train();
                if (i < 10) return;
                if (average is null) average = Tensor.Zeros(model.Weight.Shape, model.Device);
                average.Assign((average * 0.9) + (model.Weight.Detach() * 0.1));
            };
        },
        ["dropout on and off"] = model => i =>
        {
            model.Layers.Train(i % 10 != 9);
            if (model.Layers.IsTraining) model.Train();
            else _ = model.Loss(model.Batch(8));
        },
        ["the loss printed every 100 steps, before the step ends"] = model => i =>
        {
            var loss = model.Train();
            if (i % 100 == 99) _ = loss.Item();
        },
        ["a norm of gradients computed and printed every 10 steps"] = model => i =>
        {
            model.Train();
            if (i % 10 == 9) _ = model.Weight.Grad!.Square().Sum().Sqrt().Item();
        },
        ["gradients accumulated over 4 batches, one step each"] = model => i =>
        {
            model.Loss(model.Batch(8)).Backward();
            if (i % 4 != 3) return;
            model.Optimizer.Step();
            model.Optimizer.ZeroGrad();
        },
        ["early stopping: the loss read each step"] = model =>
        {
            var best = float.PositiveInfinity;
            return i =>
            {
                var loss = model.Train();
                best = Math.Min(best, loss.Item());
            };
        },
        ["50 lengths of sequences"] = model => i => _ = Tensor.From(new float[(1 + (i % 50)) * 4], [1, 1 + (i % 50), 4], model.Device).MatMul(model.Weight).Softmax(1).Sum(),
        ["50 batch sizes"] = model => i => model.Train(rows: 1 + (i % 50)),
        ["50 batch sizes, marked"] = model => i => model.Train(rows: 1 + (i % 50), isMarked: true),
        ["a slice that starts one place further each step"] = model =>
        {
            var all = Tensor.From(new float[200 * 4], [200, 4], model.Device);
            return i => _ = (all[i..(i + 8)] * 2.0).Sum();
        },
        ["a row written one place further each step"] = model =>
        {
            var cache = Tensor.Zeros([200, 4], model.Device);
            return i => cache[i..(i + 1)].Assign(Tensor.From(new float[4], [1, 4], model.Device));
        },
        ["an epsilon that changes each step"] = model => i => model.Train(loss => loss + model.Batch(8).LayerNorm(eps: 1e-5 * (1 + i)).Sum()),
        ["a loop unrolled once more each step"] = model => i =>
        {
            var x = model.Batch(8);
            for (var k = 0; k <= i; k++) x = (x * 0.5).Tanh();
            _ = x.Sum();
        },
        ["the same loop by Loop.For"] = model => i => _ = Loop.For(i + 1, [model.Batch(8)], (_, x) => [(x[0] * 0.5).Tanh()])[0].Sum(),
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task AScenarioCompilesAsOftenAsTheTableSays(string name)
    {
        await using var lazy = new TestEngine(null, new SimdBackend(new(Threads: 1)));
        var model = new Model(lazy.Device);
        var step = Scenarios[name](model);
        var (programs, before, warm) = (lazy.Programs, lazy.Compiles, 0L);
        for (var i = 0; i < Steps; i++)
        {
            step(i);
            lazy.Device.MarkStep();
            if (i == WarmUp - 1) warm = lazy.Compiles;
        }
        await lazy.Device.WaitDeviceOpsAsync();
        var row = string.Create(CultureInfo.InvariantCulture, $"| {name} | {lazy.Programs - programs} | {lazy.Compiles - before} | {lazy.Compiles - warm} |");
        Assert.True(Page().Contains(row, StringComparison.Ordinal), $"docs/caching.md should have: {row}\n{string.Join('\n', lazy.Engine.CompileHistory.Recent)}");
    }

    [Fact]
    public void TheTableHasTheseScenariosOnly() =>
        Assert.Equal(Scenarios.Keys, Page().Split('\n').SkipWhile(line => !line.StartsWith("| scenario", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|')).Select(line => line.Split('|')[1].Trim()));

    [Theory]
    [InlineData("50 batch sizes", CompileReason.Shape)]
    [InlineData("50 lengths of sequences", CompileReason.Shape)]
    [InlineData("a loop unrolled once more each step", CompileReason.Length)]
    public async Task WhatKeepsCompilingIsExplainedWithItsPlace(string name, CompileReason reason)
    {
        await using var lazy = new TestEngine(new() { Frames = true });
        var step = Scenarios[name](new Model(lazy.Device));
        for (var i = 0; i < WarmUp; i++)
        {
            step(i);
            lazy.Device.MarkStep();
        }
        Assert.True(lazy.Engine.CompileHistory[reason] >= WarmUp - 1, string.Join('\n', lazy.Engine.CompileHistory.Recent));
        Assert.Equal(reason == CompileReason.Length, lazy.Engine.CompileHistory.Recent[^1].ToString().Contains("Loop.For", StringComparison.Ordinal));
        Assert.Contains(lazy.Engine.CompileHistory.Sites, site => site.Key.File.EndsWith("Tests.cs", StringComparison.Ordinal) && site.Value >= WarmUp - 1);
    }

    private static string Page([CallerFilePath] string path = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "caching.md"));

    /// <summary>Two layers with dropout between them, trained by momentum.</summary>
    private sealed class Model
    {
        private readonly Linear first, second;

        public Model(Device device)
        {
            Device = device;
            (first, second) = (new(4, 4, device, seed: 1), new(4, 1, device, seed: 2));
            Layers = new(first, new Dropout(0.25), second);
            Optimizer = new(Layers.Parameters(), 0.01, momentum: 0.9);
            device.MarkStep();
        }

        public Device Device { get; }

        public Sequential Layers { get; }

        public SGD Optimizer { get; }

        public Parameter Weight => first.Weight;

        public Tensor Batch(int rows) => Tensor.From(Enumerable.Range(0, rows * 4).Select(static k => MathF.Sin(k)).ToArray(), [rows, 4], Device);

        public Tensor Loss(Tensor batch) => (Layers.Forward(batch) - 0.5).Square().Mean();

        public Tensor Train(Func<Tensor, Tensor>? change = null, int rows = 8, bool isMarked = false)
        {
            Optimizer.ZeroGrad();
            var batch = Batch(rows);
            var loss = Loss(isMarked ? batch.MarkDynamic(0) : batch);
            loss = change?.Invoke(loss) ?? loss;
            loss.Backward();
            Optimizer.Step();
            return loss;
        }
    }
}

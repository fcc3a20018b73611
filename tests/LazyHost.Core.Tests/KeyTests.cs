using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>What makes two programs the same compiled program, and what must not: a wrong hit gives wrong values, a needless miss compiles for nothing.</summary>
public sealed class KeyTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor[]> One, Func<Tensor[], Tensor[]> Other)> Different = new()
    {
        ["which input feeds which operand, all visited before in one order"] =
            (t => [-t[0], -t[1], -t[2], (t[0] * t[1]) + t[2]], t => [-t[0], -t[1], -t[2], (t[0] * t[2]) + t[1]]),
        ["a value used twice, or computed twice by an operator that is not pure"] =
            (t => { var r = t[0].Bernoulli(); return [r + r]; }, t => [t[0].Bernoulli() + t[0].Bernoulli()]),
        ["an operand used twice, or two inputs"] = (t => [t[0] * t[0]], t => [t[0] * t[1]]),
        ["the operator"] = (t => [t[0] + t[1]], t => [t[0] - t[1]]),
        ["the order of operands"] = (t => [(t[0] + 1) - t[1]], t => [t[1] - (t[0] + 1)]),
        ["an attribute"] = (t => [t[3].Sum(0)], t => [t[3].Sum(1)]),
        ["an attribute that changes no shape"] = (t => [t[3].Softmax(0)], t => [t[3].Softmax(1)]),
        ["where two lists of attributes meet"] = (t => [t[3].Slice(0, 0, 1)], t => [t[3].Slice(0, 1, 2)]),
        ["the element type of a cast"] = (t => [t[0].To(DType.Int32).To(DType.Float64)], t => [t[0].To(DType.Int64).To(DType.Float64)]),
        ["what is computed of one graph"] = (t => [(t[0] + t[1]).Keep() * 2], t => [(t[0] + t[1]) * 2]),
        ["which of two is written"] = (t => { t[0].AddInPlace(1); return [t[0] * t[1]]; }, t => { t[1].AddInPlace(1); return [t[0] * t[1]]; }),
        ["a view written, or its base"] = (t => { t[3][0].AddInPlace(1); return [t[3] * 2]; }, t => { t[3].AddInPlace(1); return [t[3] * 2]; }),
    };

    public static TheoryData<string> Pairs => [.. Different.Keys];

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task ProgramsThatDifferAreNeverTakenForEachOther(string what)
    {
        var (one, other) = Different[what];
        await using var lazy = new TestEngine();
        await using var alone = new TestEngine();
        var first = Run(lazy, one);
        var second = Run(lazy, other);
        Assert.Equal(2, lazy.Compiles);
        Assert.Equal(first, Run(lazy, one));
        Assert.Equal(second, Run(lazy, other));
        Assert.Equal((2, 2), (lazy.Compiles, lazy.Hits));
        Assert.Equal(second, Run(alone, other)); // the same values as where nothing was compiled before
    }

    [Fact]
    public async Task WhatChangesNoCodeChangesNoKey()
    {
        await using var lazy = new TestEngine();
        float[] Program(float a, float b, double factor) => ((lazy.Tensor(a, b) * factor) + lazy.Tensor(b, a)).ToArray<float>();
        Assert.Equal([5f, 7], Program(1, 3, 2));
        Assert.Equal([9f, 9], Program(3, 3, 2)); // equal inputs share no slot
        using (lazy.Device.Scope("elsewhere")) Assert.Equal([1f, 1], Program(1, 1, 0)); // neither scopes nor places nor steps
        lazy.Device.MarkStep();
        lazy.Device.SetSeed(77);
        Assert.Equal(4f, (await Task.Run(() => Program(2, 2, 1)))[1]);
        Assert.Equal((1, 3), (lazy.Compiles, lazy.Hits));
    }

    [Fact]
    public async Task ADeviceKindBuildAndOptionsArePartOfTheKey()
    {
        await using var engine = new LazyEngine();
        var a = engine.AddBackend(new ReferenceBackend(), "plugin", "build 1", "a")[0];
        var b = engine.AddBackend(new ReferenceBackend(), "plugin", "build 1", "b")[0];
        float Run(Device device) => (Tensor.From([1f], [1], device) + 1).Item();
        Assert.Equal((2f, 2f, 2f), (Run(a), Run(b), Run(a)));
        Assert.Equal((2, 1), (engine.Metrics.UncachedCompile.Total, engine.Metrics.CachedCompile.Total));
        await engine.RemoveBackendAsync("plugin");
        Assert.Equal(0, engine.ComputationCache.Numel);
        Assert.Equal(2f, Run(engine.AddBackend(new ReferenceBackend(), "plugin", "build 2", "a")[0]));
        Assert.Equal(3, engine.Metrics.UncachedCompile.Total);
    }

    private static List<byte[]> Run(TestEngine lazy, Func<Tensor[], Tensor[]> program)
    {
        lazy.Device.SetSeed(5);
        Tensor[] inputs = [lazy.Tensor(0.25f, 0.5f, 0.75f), lazy.Tensor(0.5f, 0.125f, 1), lazy.Tensor(1, 0.5f, 0), Tensor.From([1f, 2, 3, 5], [2, 2], lazy.Device)];
        var results = program(inputs);
        lazy.Device.MarkStep();
        return [.. results.Concat(inputs).Select(t => t.ToBytesAsync().GetAwaiter().GetResult())];
    }
}

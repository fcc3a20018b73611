using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LazyHost.Tests;

/// <summary>Why something compiles: the first difference to the nearest program.</summary>
public sealed class ExplanationTests
{
    /// <summary>Two programs, and how the second differs from the first.</summary>
    private static readonly Dictionary<string, (Action<Device> First, Action<Device> Second, CompileReason Reason, string? Operator, string What, string Now, string Before)> Pairs = new()
    {
        ["another operator"] = (d => End(In(d).Relu().Exp()), d => End(In(d).Relu().Log()), CompileReason.Operator, "log", "operator", "log", "exp"),
        ["a shape"] = (d => End(In(d, 4).Relu()), d => End(In(d, 5).Relu()), CompileReason.Shape, "relu", "operand 0", "f32[5]", "f32[4]"),
        ["an element type"] = (d => End(In(d).Neg()), d => End(Tensor.From([1, 2, 3, 4], [4], d).Neg()), CompileReason.DType, "neg", "operand 0", "i32[4]", "f32[4]"),
        ["an attribute"] = (d => End(In(d, 2, 2).Sum(0)), d => End(In(d, 2, 2).Sum(1)), CompileReason.Attribute, "sum", "attribute axes", "[1]", "[0]"),
        ["a number in place of a tensor"] = (d => End(In(d).Add(In(d))), d => End(In(d).Add(2)), CompileReason.Scalar, "add", "operand 1", "a number (f32)", "f32[4]"),
        ["one tensor twice"] = (d => End(In(d).Mul(In(d))), d => { var x = In(d); End(x.Mul(x)); }, CompileReason.Sharing, "mul", "operand 1", "input 0", "input 1"),
        ["a result in place of an input"] = (d => { var (x, y) = (In(d), In(d)); End(x.Exp().Mul(y), y.Neg()); }, d => { var x = In(d); End(x.Exp().Mul(x), x.Neg()); }, CompileReason.Sharing, "mul", "operand 1", "input 0", "input 1"),
        ["a longer loop"] = (d => End(Loop(In(d), 2)), d => End(Loop(In(d), 4)), CompileReason.Length, "exp", "2 operators more, from exp on: the number", "5", "3"),
        ["a shorter loop"] = (d => End(Loop(In(d), 4)), d => End(Loop(In(d), 2)), CompileReason.Length, "sum", "2 operators fewer, from exp on: the number", "3", "5"),
        ["another result"] = (d => End(In(d).Relu().Exp()), d => End(In(d).Relu().Keep().Exp()), CompileReason.Roots, "relu", "the result", "asked for", "not asked for"),
        ["a result that is asked for no more"] = (d => End(In(d).Relu().Keep().Exp()), d => End(In(d).Relu().Exp()), CompileReason.Roots, "relu", "the result", "not asked for", "asked for"),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task TheFirstDifferenceIsNamedWithItsPlace(string name)
    {
        var (first, second, reason, form, what, now, before) = Pairs[name];
        await using var lazy = new TestEngine();
        first(lazy.Device);
        var key = lazy.Engine.ComputationCache.GetLatest()!.Key;
        second(lazy.Device);
        var why = lazy.Engine.CompileHistory.Recent[^1];
        Assert.Equal((reason, form, what, now, before), (why.Reason, why.Operator, why.What, why.Now, why.Before));
        Assert.Equal(("ExplanationTests.cs", key, lazy.Device.Id), (Path.GetFileName(why.Site?.File), why.Nearest, why.Device));
        Assert.Same(why, lazy.Engine.ComputationCache.GetLatest()!.Explanation);
        Assert.Equal(CompileReason.FirstCompile, lazy.Engine.CompileHistory.Recent[0].Reason);
        second(lazy.Device);
        Assert.Equal(2, lazy.Engine.CompileHistory.Recent.Count); // a hit has no explanation
    }

    [Fact]
    public async Task TheNearestProgramIsTheOneWithTheMostOperatorsInCommon()
    {
        await using var lazy = new TestEngine();
        var d = lazy.Device;
        End(In(d).Exp().Log().Relu().Sum());
        End(In(d, 2, 2).Exp().Log().Relu().Sum());
        End(In(d).Neg());
        End(In(d, 2, 2).Exp().Log().Relu().Sum(0));
        var why = lazy.Engine.CompileHistory.Recent[^1];
        Assert.Equal((CompileReason.Attribute, "sum", "attribute axes"), (why.Reason, why.Operator, why.What));
        Assert.Matches(@"^sum at ExplanationTests\.cs:\d+: attribute axes is \[0\], was \[.*\] \(Attribute; 1 compile from there\)$", why.ToString());
    }

    [Fact]
    public async Task WhatTheLimitsTookIsSaidToBeCompiledAgain()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 1 });
        End(In(lazy.Device).Exp());
        End(In(lazy.Device).Log());
        End(In(lazy.Device).Exp());
        Assert.Equal([CompileReason.FirstCompile, CompileReason.Operator, CompileReason.Evicted], lazy.Engine.CompileHistory.Recent.Select(e => e.Reason));
        Assert.Contains("(Evicted)", lazy.Engine.CompileHistory.Recent[^1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherChainOfBackendsIsAReason()
    {
        await using var engine = new LazyEngine(new() { FallbackChain = ["far"] });
        var device = engine.AddBackend(new PartialBackend("own"), "own", "test")[0];
        End(In(device).Exp());
        engine.AddBackend(new PartialBackend("far"), "far", "test");
        End(In(device).Exp());
        Assert.Equal(CompileReason.Backend, engine.CompileHistory.Recent[^1].Reason);
    }

    [Fact]
    public async Task APlaceThatKeepsCompilingIsCountedLoggedAndWarnedOfOnce()
    {
        using var logs = new LogList();
        await using var engine = new LazyEngine(loggerFactory: logs);
        var device = engine.AddBackend(new PartialBackend("own"), "own", "test")[0];
        var told = new List<CompileExplanation>();
        engine.CompileHistory.Compiled += told.Add;
        engine.CompileHistory.Compiled += static _ => throw new InvalidOperationException("a listener's own");
        for (var size = 1; size <= 10; size++) End(In(device, size).Exp());
        Assert.Equal([1L, 2, 3], told.Skip(1).Take(3).Select(e => e.Count));
        Assert.Equal((9L, 9L), (Assert.Single(engine.CompileHistory.Sites, s => s.Key.Line > 0).Value, engine.CompileHistory[CompileReason.Shape]));
        var lines = logs.Lines.Where(l => l.Text.StartsWith("Compiled for own:0 in ", StringComparison.Ordinal)).ToList();
        Assert.Equal([LogLevel.Debug, .. Enumerable.Repeat(LogLevel.Information, 7), LogLevel.Warning, LogLevel.Information], lines.Select(l => l.Level));
        Assert.Contains("operand 0 is f32[2], was f32[1] (Shape; 1 compile from there)", lines[1].Text, StringComparison.Ordinal);
        Assert.Contains("Compile: exp at ", engine.Metrics.Report(), StringComparison.Ordinal);
        engine.Metrics.Reset();
        Assert.Empty(engine.CompileHistory.Recent);
        Assert.Empty(engine.CompileHistory.Sites);
    }

    [Fact]
    public async Task TheMeterCountsByReasonAndOnlyTheLastAreKept()
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend { Kind = "reasons" });
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) => { if (instrument.Name == "lazyhost.compile.reason") l.EnableMeasurementEvents(instrument); };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray() is [{ Value: "reasons:0" }, { Key: "reason", Value: string reason }]) counts[reason] = counts.GetValueOrDefault(reason) + value;
        });
        listener.Start();
        for (var size = 1; size <= 70; size++) End(In(lazy.Device, size).Exp());
        Assert.Equal(new Dictionary<string, long> { ["FirstCompile"] = 1, ["Shape"] = 69 }, counts);
        Assert.Equal((64, "f32[70]"), (lazy.Engine.CompileHistory.Recent.Count, lazy.Engine.CompileHistory.Recent[^1].Now));
    }

    private static Tensor In(Device device, params long[] sizes)
    {
        var shape = Shape.Create(sizes.Length == 0 ? [4] : sizes);
        return Tensor.From(new float[shape.ElementCount], shape, device);
    }

    private static Tensor Loop(Tensor x, int count)
    {
        for (var i = 0; i < count; i++) x = x.Exp();
        return x.Sum();
    }

    private static void End(params Tensor[] results) => results[0].Device.MarkStep();
}

namespace LazyHost.Tests;

/// <summary>Eager, lazy and compiled regions give the same numbers; they differ in when things run.</summary>
public sealed class ModeTests
{
    private static float[] Work(TestEngine lazy)
    {
        var w = new Parameter(Tensor.From([0.5f, -1, 2, 3], [2, 2], lazy.Device));
        var optimizer = new Adam([w], 0.1);
        var losses = new List<float>();
        for (var i = 0; i < 5; i++)
        {
            var x = Tensor.From([1f, i, 2, 3], [2, 2], lazy.Device);
            var loss = (x.MatMul(w).Tanh() - 0.25).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            lazy.Device.MarkStep();
            losses.Add(loss.Item());
        }
        return [.. losses, .. w.ToArray<float>()];
    }

    [Fact]
    public async Task EagerAndLazyGiveTheSameBits()
    {
        await using var lazy = new TestEngine();
        await using var eager = new TestEngine(new() { Mode = ExecutionMode.Eager });
        Assert.Equal(Work(lazy), Work(eager));
        Assert.True(eager.Compiles > 5 * lazy.Compiles);
    }

    [Fact]
    public async Task InEagerModeEveryOperatorHasRunWhenItReturns()
    {
        await using var lazy = new TestEngine();
        lazy.Device.Mode = ExecutionMode.Eager;
        var y = lazy.Tensor(1, 2) + 1;
        Assert.True(y.IsSubmitted);
        y.Assign(y * 2);
        Assert.True(y.IsSubmitted);
        using (lazy.Device.Use(ExecutionMode.Lazy))
        {
            y = y + 1;
            Assert.False(y.IsSubmitted);
        }
        Assert.Equal([5f, 7], y.ToArray<float>());
        Assert.True((y * 2).IsSubmitted);
    }

    [Fact]
    public async Task AScopeOfEagerModeEndsWithItAlsoAcrossReadsAndAwaits()
    {
        await using var lazy = new TestEngine();
        using (lazy.Device.Use(ExecutionMode.Eager))
        {
            Assert.Equal(2f, (lazy.Tensor(1) + 1).Item());
            Assert.True((lazy.Tensor(1) + 1).IsSubmitted);
            await Task.Yield();
            Assert.True((lazy.Tensor(1) + 1).IsSubmitted);
        }
        Assert.False((lazy.Tensor(1) + 1).IsSubmitted);
    }

    [Fact]
    public async Task AnEagerErrorComesFromTheOperatorAtFault()
    {
        await using var lazy = new TestEngine(new() { Mode = ExecutionMode.Eager }, new FaultyBackend { Unsupported = IR.PrimitiveKind.Tanh });
        var x = lazy.Tensor(1) + 1;
        var error = Assert.Throws<UnsupportedOperatorException>(() => x.Tanh());
        Assert.Equal("tanh", error.Operator);
        Assert.Equal(4f, (x * 2).Item());
    }

    [Fact]
    public async Task ACompiledRegionIsExactlyOneSegmentInAnyMode()
    {
        await using var lazy = new TestEngine(new() { Mode = ExecutionMode.Eager });
        var x = lazy.Tensor(1, 2);
        var before = lazy.Compiles + lazy.Hits;
        var y = lazy.Device.Compiled(() =>
        {
            var t = x;
            for (var i = 0; i < 10; i++) t = t + 1;
            return t;
        });
        Assert.True(y.IsSubmitted);
        Assert.Equal(before + 1, lazy.Compiles + lazy.Hits);
        Assert.Equal([11f, 12], y.ToArray<float>());
    }

    [Fact]
    public async Task AReadInsideARegionIsRefusedWithItsPlace()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        Tensor? inside = null;
        var error = Assert.Throws<StepException>(() => lazy.Device.Compiled(() =>
        {
            inside = x + 1;
            inside.ToArray<float>();
        }));
        Assert.Contains($"{nameof(ModeTests)}.cs:", error.Message);
        Assert.Throws<StepException>(() => lazy.Device.Compiled(() => lazy.Device.MarkStep()));
        Assert.Equal([2f, 3], inside!.ToArray<float>());
        Assert.Equal([3f, 4], lazy.Device.Compiled(() => x + 2).ToArray<float>());
    }

    [Fact]
    public async Task TheModeIsThatOfTheScope()
    {
        await using var lazy = new TestEngine();
        var device = lazy.Device;
        Assert.Equal(ExecutionMode.Lazy, device.Mode);
        using (device.Use(ExecutionMode.Eager))
        {
            Assert.Equal(ExecutionMode.Eager, device.Mode);
            device.Compiled(() => Assert.Equal(ExecutionMode.Lazy, device.Mode));
            device.Mode = ExecutionMode.Eager; // of the device: the scope is as it was
        }
        Assert.Equal(ExecutionMode.Eager, device.Mode);
        using (device.Use(ExecutionMode.Lazy)) Assert.False((lazy.Tensor(1) + 1).IsSubmitted);
        Assert.True((lazy.Tensor(1) + 1).IsSubmitted);
    }

    [Fact]
    public async Task WhatIsNoModePolicyOrFormatIsRefused()
    {
        await using var lazy = new TestEngine();
        var device = lazy.Device;
        var x = lazy.Tensor(1) + 1;
        Refused("ExecutionMode 7", () => device.Mode = (ExecutionMode)7);
        Refused("ExecutionMode -1", () => device.Use((ExecutionMode)(-1)));
        Refused("SyncPolicy 9", () => device.Use((SyncPolicy)9));
        Refused("DumpFormat 5", () => device.Dump([x], (DumpFormat)5));
        Refused("DumpFormat 5", () => device.DumpLatestProgram((DumpFormat)5));
        Assert.Equal((ExecutionMode.Lazy, false), (device.Mode, x.IsSubmitted));
        Assert.Contains("Mode is 3; there are Lazy, Eager", Assert.Throws<ConfigurationException>(() => new LazyEngine(new() { Mode = (ExecutionMode)3 })).Message, StringComparison.Ordinal);
        Assert.Contains("DumpFormat is 9", Assert.Throws<ConfigurationException>(() => new LazyEngine(new() { DumpFormat = (DumpFormat)9 })).Message, StringComparison.Ordinal);

        static void Refused(string message, Action action)
        {
            var error = Assert.Throws<InvalidAttributeException>(action);
            Assert.StartsWith($"{message} does not exist; there are ", error.Message, StringComparison.Ordinal);
            Assert.EndsWith("ModeTests.cs", error.CallSite?.File, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task TensorsOfAnotherDeviceAreNotSynced()
    {
        await using var lazy = new TestEngine();
        var other = lazy.Engine.AddBackend(new FaultyBackend(), "faulty", "test")[0];
        var (mine, foreign) = (lazy.Tensor(1) + 1, Tensor.From([1f], [1], other) + 1);
        Assert.Contains("faulty:0", Assert.Throws<UnknownDeviceException>(() => lazy.Device.SyncTensors([mine, foreign])).Message, StringComparison.Ordinal);
        Assert.Equal((false, false), (mine.IsSubmitted, foreign.IsSubmitted));
    }
}

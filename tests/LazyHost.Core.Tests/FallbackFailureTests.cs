namespace LazyHost.Tests;

/// <summary>What fails in the middle of a run in parts gives everything back, says where, and puts variables back.</summary>
public sealed class FallbackFailureTests
{
    private static PartialEngine Engine() => new(new PartialBackend("own", "prim.tanh") { WorkspaceBytes = 64 }, new PartialBackend("other") { WorkspaceBytes = 128 });

    /// <summary>Three parts, with values of 400 KB between them.</summary>
    private static async Task StepAsync(Parameter w)
    {
        await using var step = w.Device.BeginStep();
        w.Assign(((w * 0.5).Tanh() + 1) * 2);
        await step.CompleteAsync();
    }

    private static async Task<(Parameter, long, long)> WarmAsync(PartialEngine lazy)
    {
        var w = new Parameter(Tensor.From(Enumerable.Range(0, 100_000).Select(i => i % 7f).ToArray(), [100_000], lazy.Device));
        for (var i = 0; i < 3; i++) await StepAsync(w);
        // The first value came from a tensor of the program's: only the collector knows that nobody has it any more.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return (w, lazy.Device.MemoryUse.InUse, lazy.Fallback.MemoryUse.InUse);
    }

    [Fact]
    public async Task RunsInPartsGiveTheirTemporariesBack()
    {
        await using var lazy = Engine();
        var (w, own, other) = await WarmAsync(lazy);
        Assert.Equal(0, other);
        Assert.Equal(0, lazy.Chain[0].BytesInUse);
        // The copy of what tanh takes, its result, a workspace.
        Assert.Equal((2 * 400_000) + 128, lazy.Fallback.MemoryUse.Peak);
        for (var i = 0; i < 5; i++) await StepAsync(w);
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.Equal((own, other), (lazy.Device.MemoryUse.InUse, lazy.Fallback.MemoryUse.InUse));
    }

    [Theory]
    [InlineData("own runs", "part 3 of 3, add, mul, detach on own:0 (backend 'own-plugin')")]
    [InlineData("other runs", "part 2 of 3, tanh on other:0 (backend 'other-plugin')")]
    [InlineData("copy there", "part 2 of 3, tanh on other:0 (backend 'other-plugin'), failed: copying f32[100000] from own:0 to other:0")]
    [InlineData("copy back", "part 3 of 3, add, mul, detach on own:0 (backend 'own-plugin'), failed: copying f32[100000] from other:0 to own:0")]
    [InlineData("other is full", "tanh: other:0 has no room for f32[100000]")]
    [InlineData("own is full", "add: own:0 has no room for f32[100000]")]
    public async Task AFailedPartGivesEverythingBackAndVariablesTheirValues(string what, string message)
    {
        await using var lazy = Engine();
        var (w, own, other) = await WarmAsync(lazy);
        var before = w.ToArray<float>();
        static Exception Fail() => new InvalidOperationException("no luck");
        var runs = 0;
        lazy.Own.OnExecute = () => ++runs == 2 && what == "own runs" ? Fail() : null;
        if (what == "other runs") lazy.Chain[0].OnExecute = Fail;
        if (what == "copy there") lazy.Own.OnFetch = Fail;
        if (what == "copy back") lazy.Chain[0].OnFetch = Fail;
        if (what == "other is full") lazy.Chain[0].OnAllocate = static _ => Fail();
        if (what == "own is full") lazy.Own.OnAllocate = _ => runs > 0 ? Fail() : null;
        var error = await Assert.ThrowsAnyAsync<LazyHostException>(() => StepAsync(w));
        Assert.IsType(what.EndsWith("full", StringComparison.Ordinal) ? typeof(DeviceMemoryException) : typeof(ExecutionException), error);
        Assert.Contains(message, error.Message);
        Assert.Contains("no luck", error.Message);
        Assert.Equal($"{nameof(FallbackFailureTests)}.cs", Path.GetFileName(error.CallSite?.File));

        lazy.Own.OnExecute = lazy.Chain[0].OnExecute = lazy.Own.OnFetch = lazy.Chain[0].OnFetch = static () => null;
        lazy.Own.OnAllocate = lazy.Chain[0].OnAllocate = static _ => null;
        Assert.Equal(before, w.ToArray<float>());
        Assert.Equal((own, other), (lazy.Device.MemoryUse.InUse, lazy.Fallback.MemoryUse.InUse));
        await StepAsync(w);
        await lazy.Device.WaitDeviceOpsAsync();
        Assert.NotEqual(before, w.ToArray<float>());
        Assert.Equal((own, other), (lazy.Device.MemoryUse.InUse, lazy.Fallback.MemoryUse.InUse));
    }

    [Fact]
    public async Task AFailedCompileOfALaterPartLeavesNoProgramBehind()
    {
        await using var lazy = Engine();
        lazy.Chain[0].OnCompile = static () => new InvalidOperationException("no luck");
        var x = lazy.Tensor(1, 2);
        var error = Assert.Throws<CompilationException>(() => (x + 1).Tanh().ToArray<float>());
        Assert.Contains("other-plugin", error.Message);
        Assert.Equal(0, lazy.Engine.ComputationCache.Numel);
        Assert.Empty(lazy.Device.Host.Payloads<Computation>());
        lazy.Chain[0].OnCompile = static () => null;
        Assert.Equal(MathF.Tanh(2), (x + 1).Tanh().ToArray<float>()[0], 1e-6f);
        Assert.Single(lazy.Device.Host.Payloads<Computation>());
    }

    [Fact]
    public async Task ADroppedProgramInPartsFreesThemAll()
    {
        await using var lazy = new PartialEngine(new LazyEngineOptions { CacheEntries = 1 }, new PartialBackend("own", "prim.tanh"), new PartialBackend("other"));
        for (var size = 1; size < 5; size++) _ = (Tensor.Ones([size], lazy.Device) + 1).Tanh().ToArray<float>();
        Assert.Single(lazy.Device.Host.Payloads<Computation>());
        Assert.Single(lazy.Fallback.Host.Payloads<Computation>());
    }
}

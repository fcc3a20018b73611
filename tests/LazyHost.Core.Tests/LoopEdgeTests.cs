using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Loops of all types and shapes, on devices that fail, fall back or stop.</summary>
public sealed class LoopEdgeTests
{
    private static TestEngine Make(string kind) => new(null, kind == "simd" ? new SimdBackend(new SimdSettings { Threads = 1 }) : kind == "faulty" ? new FaultyBackend() : new ReferenceBackend());

    [Theory, InlineData("simd"), InlineData("reference"), InlineData("faulty")]
    public async Task WhatABodyComputesForNothingChangesNothing(string kind)
    {
        await using var lazy = Make(kind);
        var (dead, used) = (lazy.Tensor(3, 5), lazy.Tensor(7, 9));
        var results = Loop.For(3, [lazy.Tensor(1, 2), lazy.Tensor(0, 0)], (_, c) =>
        {
            _ = (c[0] * dead * 3.0) + 4.0;
            return [c[0] + used + 1.0, c[0] * 2.0];
        });
        Assert.Equal([25f, 32], results[0].ToArray<float>());
        Assert.Equal([34f, 44], results[1].ToArray<float>());
    }

    [Theory, InlineData("simd"), InlineData("reference"), InlineData("faulty")]
    public async Task ValuesOfAllTypesAndShapesAreCarried(string kind)
    {
        await using var lazy = Make(kind);
        Assert.Equal([false, true], Loop.For(3, [lazy.Tensor(1, 0).Gt(0.5)], (_, c) => [c[0].LogicalNot()])[0].ToArray<bool>());
        foreach (var type in new[] { DType.Float16, DType.BFloat16, DType.Float64 })
            Assert.Equal([8f, 16], Loop.For(3, [lazy.Tensor(1, 2).To(type)], (_, c) => [c[0] * 2.0])[0].To(DType.Float32).ToArray<float>());
        var nothing = Tensor.From(Array.Empty<float>(), [0, 3], lazy.Device);
        var results = Loop.For(3, [nothing, lazy.Tensor(1)], (_, c) => [c[0] + 1.0, c[1] + c[0].Sum()]);
        Assert.Empty(results[0].ToArray<float>());
        Assert.Equal(1f, results[1].Item());
        var x = Tensor.From([1f, 2, 3, 4, 5, 6], [2, 3], lazy.Device);
        Assert.Equal([4f, 7, 5, 8, 6, 9], Loop.For(3, [x.Transpose(0, 1)], (_, c) => [c[0] + 1.0])[0].ToArray<float>());
        Assert.Equal([4f, 1, 2, 3], Loop.For(5, [lazy.Tensor(1, 2, 3, 4)], (_, c) => [Tensor.Concat(0, c[0][3..], c[0][..3])])[0].ToArray<float>());
        Assert.Equal(20_000f, Loop.For(20_000, [lazy.Tensor(0)], (_, c) => [c[0] + 1.0])[0].Item());
    }

    [Fact]
    public async Task OperatorsInBodiesAndConditionsFallBack()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.exp"), new PartialBackend("chain"));
        var x = lazy.Tensor(0, 0);
        var f = Lazy.Compile(t => Loop.For(2, [t], (_, c) => [c[0].Exp()])[0] + 1.0);
        for (var i = 0; i < 2; i++) Assert.Equal(MathF.E + 1, f.Run(x).ToArray<float>()[0], 1e-5f);
        Assert.Equal(1f, Loop.While([x], c => c[0].Exp().Sum().Lt(3.0), c => [c[0].Exp()])[0].ToArray<float>()[0]);
        await using var alone = new PartialEngine(new PartialBackend("own", "prim.exp"));
        Assert.Contains("exp", Assert.Throws<UnsupportedOperatorException>(() => Loop.For(3, [alone.Tensor(1)], (_, c) => [c[0].Exp()])[0].Item()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATurnThatFailsFailsTheLoopAndGivesItsMemoryBack()
    {
        var turns = 0;
        var backend = new FaultyBackend();
        await using var lazy = new TestEngine(backend: backend);
        var state = lazy.Tensor(1);
        var f = Lazy.Compile(t => state.Assign(Loop.For(5, [state], (_, c) => [c[0] + t])[0]) * 1);
        f.Run(lazy.Tensor(1));
        lazy.Device.MarkStep();
        Assert.Equal(6f, state.Item());
        await lazy.Device.WaitDeviceOpsAsync();
        var use = lazy.Device.MemoryUse.InUse;
        backend.OnExecute = _ => ++turns == 3 ? new InvalidOperationException("lost power") : null;
        var result = f.Run(lazy.Tensor(1));
        Assert.Contains("loop", Assert.Throws<ExecutionException>(() => result.Item()).Message, StringComparison.Ordinal);
        Assert.Equal(6f, state.Item());
        Assert.Equal(use, lazy.Device.MemoryUse.InUse);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task ALoopThatNeverEndsEndsWhenItsBackendGoes(bool isWhile)
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lazy = new TestEngine(backend: new FaultyBackend
        {
            OnExecute = _ =>
            {
                running.TrySetResult();
                return null;
            },
        });
        var x = lazy.Tensor(1);
        var result = isWhile ? Loop.While([x], c => c[0].Gt(-1.0), c => [c[0] * 1.0])[0] : Loop.For(long.MaxValue, [x], (_, c) => [c[0] * 1.0])[0];
        var read = Task.Factory.StartNew(() => result.ToArray<float>(), TaskCreationOptions.LongRunning);
        await running.Task;
        await lazy.Engine.RemoveBackendAsync("reference", TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<LazyHostException>(() => read);
    }

    [Fact]
    public async Task BodiesStayOnTheDeviceOfTheLoop()
    {
        await using var lazy = Make("simd");
        var other = lazy.Engine.AddBackend(new ReferenceBackend(), "other", "test")[0];
        var far = Tensor.From([1f], [1], other);
        Assert.Contains("reference:0", Assert.Throws<UnknownDeviceException>(() => Loop.For(2, [lazy.Tensor(1)], (_, _) => [far])).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<LazyHostException>(() => Loop.For(2, [lazy.Tensor(1)], (_, c) => [c[0] + (far + 1).To(lazy.Device)]));
        Assert.Equal((2f, 2f), ((lazy.Tensor(1) + 1).Item(), (far + 1).Item()));
    }

    [Fact]
    public async Task ALimitCountsBodiesNotTurns()
    {
        await using var lazy = Make("simd");
        var x = lazy.Tensor(1);
        Assert.Equal(3f, Loop.For(2, [x], (_, c) => [c[0] + 1.0])[0].Item());
        using (lazy.Device.ForbidCompiles())
        {
            Assert.Equal(8f, Loop.For(7, [x], (_, c) => [c[0] + 1.0])[0].Item());
            Assert.Throws<CompileLimitException>(() => Loop.For(7, [x], (_, c) => [c[0] * 1.5])[0].Item());
        }
    }
}

using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Captured functions beside other threads, other steps and failures.</summary>
public sealed class CaptureEdgeTests
{
    private static TestEngine Make(string kind) => new(new() { QueueDepth = 1 }, kind == "simd" ? new SimdBackend(new SimdSettings { Threads = 1 }) : new FaultyBackend());

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task AScalarMayReadATensorThatIsOnlyRecorded(string kind)
    {
        await using var lazy = Make(kind);
        var (metric, state, isReading) = (lazy.Tensor(2), lazy.Tensor(0), false);
        var rate = new Scalar(() => isReading ? (metric * 2).Item() : 4);
        var f = Lazy.Compile(x =>
        {
            state.Assign(state + (x * rate));
            return state * 1;
        });
        Assert.Equal(4f, f.Run(lazy.Tensor(1)).Item());
        (isReading, metric) = (true, metric + 1);
        var run = Task.Factory.StartNew(() => f.Run(lazy.Tensor(1)).Item(), TaskCreationOptions.LongRunning);
        Assert.Equal(10f, await run.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AScalarThatThrowsLeavesOptimizersAndGeneratorsAsTheyWere()
    {
        await using var lazy = Make("simd");
        float[] Train(bool fails)
        {
            var (w, generator, isBad) = (new Parameter(lazy.Tensor(1, 2)), new Generator(3), false);
            var adam = new Adam([w], 0.1);
            var scale = new Scalar(() => isBad ? throw new InvalidTimeZoneException() : 1.0);
            var f = Lazy.Compile(x =>
            {
                var loss = ((x + Tensor.RandomUniform(x.Shape, x.Device, generator: generator)) * w * w * scale).Sum();
                loss.Backward();
                adam.Step();
                adam.ZeroGrad();
                return loss;
            });
            f.Run(lazy.Tensor(1, 1));
            if (fails)
            {
                isBad = true;
                Assert.Throws<InvalidTimeZoneException>(() => f.Run(lazy.Tensor(1, 1)));
                isBad = false;
            }
            for (var i = 0; i < 3; i++) f.Run(lazy.Tensor(1, 1));
            return w.ToArray<float>();
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public async Task TwoFunctionsThatAssignToWhatTheOtherUsesAreCapturedAtOnce()
    {
        await using var lazy = Make("simd");
        var (a, b) = (lazy.Tensor(1), lazy.Tensor(10));
        using var begun = new CountdownEvent(2);
        Task Capture(Tensor written, Tensor used)
        {
            var f = Lazy.Compile(x =>
            {
                written.Assign(written + x.Mean());
                return written + used;
            });
            return Task.Factory.StartNew(() =>
            {
                begun.Signal();
                begun.Wait();
                for (var i = 0; i < 50; i++) f.Run(Tensor.Ones([1 + i], lazy.Device));
            }, TaskCreationOptions.LongRunning);
        }
        await Task.WhenAll(Capture(a, b), Capture(b, a)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal((51f, 60f), (a.Item(), b.Item()));
    }

    [Fact]
    public async Task ThreadsCaptureFunctionsThatAssignToOneTensor()
    {
        await using var lazy = Make("simd");
        var total = lazy.Tensor(0);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            for (var i = 0; i < 30; i++)
            {
                var f = Lazy.Compile(x =>
                {
                    using (GradMode.NoGrad()) return total.Assign(total * 1) * 0 + x;
                });
                Assert.Equal(2f, f.Run(Tensor.Full([(i % 7) + 1], 2, lazy.Device)).ToArray<float>()[0]);
            }
        }, TaskCreationOptions.LongRunning)));
        Assert.Equal(0f, total.Item());
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task OutputsMayHavePendingWritesAndUses(string kind)
    {
        await using var lazy = Make(kind);
        var f = Lazy.Compile(x => x + 1);
        var y = lazy.Tensor(5);
        y.Assign(y * 2);
        var used = y + 100;
        f.Run([lazy.Tensor(1)], [y]);
        Assert.Equal((110f, 2f), (used.Item(), y.Item()));
        lazy.Device.MarkStep();
        used = y + 1;
        await Task.Run(() =>
        {
            using (lazy.Device.Fork()) f.Run([lazy.Tensor(9)], [y]);
        }, TestContext.Current.CancellationToken);
        Assert.Equal((3f, 10f), (used.Item(), y.Item()));
        var pending = lazy.Tensor(3) * 3;
        f.Run([pending], [pending]);
        Assert.Equal(10f, pending.Item());
        var w = new Parameter(lazy.Tensor(2));
        var scale = Lazy.Compile(x => x * w.Detach());
        for (var i = 0; i < 2; i++) scale.Run([lazy.Tensor(3)], [w]);
        (w * 2).Sum().Backward();
        Assert.Equal((18f, 2f), (w.Item(), w.Grad!.Item()));
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task ADiscardedScopeDrawsAgain(string kind)
    {
        await using var lazy = Make(kind);
        var generator = new Generator(5);
        var f = Lazy.Compile(x => x + Tensor.RandomUniform(x.Shape, x.Device, generator: generator) + x.Dropout(0.5));
        var x = lazy.Tensor(1, 2, 3);
        float[] first;
        await using (lazy.Device.BeginStep()) first = f.Run(x).ToArray<float>();
        await using (var step = lazy.Device.BeginStep())
        {
            Assert.Equal(first, f.Run(x).ToArray<float>());
            await step.CompleteAsync();
        }
        Assert.NotEqual(first, f.Run(x).ToArray<float>());
    }

    [Fact]
    public async Task ARunThatFailsInTheQueueIsToldAndLeavesTheNextAlone()
    {
        var isFailing = false;
        await using var lazy = new TestEngine(backend: new FaultyBackend { OnExecute = _ => isFailing ? new InvalidOperationException("lost power") : null });
        var (state, x, y) = (lazy.Tensor(1), lazy.Tensor(1), lazy.Tensor(0));
        var pure = Lazy.Compile(t => t * 2);
        var writes = Lazy.Compile(t =>
        {
            state.Assign(state + t);
            return state * 1;
        });
        pure.Run([x], [y]);
        writes.Run(x);
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync();
        isFailing = true;
        var result = writes.Run(x);
        Assert.Contains("CaptureEdgeTests.cs", Assert.Throws<ExecutionException>(() => result.Item()).Message, StringComparison.Ordinal);
        pure.Run([x], [y]);
        Assert.Throws<ExecutionException>(() => y.Item());
        isFailing = false;
        Assert.Equal(2f, state.Item());
        pure.Run([x], [y]);
        Assert.Equal(2f, y.Item());
        lazy.Device.MarkStep();
        await lazy.Device.WaitDeviceOpsAsync();
    }

    [Fact]
    public async Task AfterItsBackendIsGoneEveryUseSaysSo()
    {
        await using var lazy = Make("simd");
        var (w, x) = (lazy.Tensor(1), lazy.Tensor(2));
        var pure = Lazy.Compile(t => t * w);
        var writes = Lazy.Compile(t => w.Assign(w + t) * 1);
        pure.Run(x);
        writes.Run(x);
        lazy.Device.MarkStep();
        await lazy.Engine.RemoveBackendAsync("reference", TestContext.Current.CancellationToken);
        Assert.All((Action[])[() => pure.Run(x), () => writes.Run(x), () => pure.Run([x], [w]), () => pure.Warmup(lazy.Device, [new(DType.Float32, Shape.Create([7]))])],
            run => Assert.Throws<DeviceGoneException>(run));
        Assert.Contains("1 program", pure.Explain(), StringComparison.Ordinal);
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task SizesOfNothingAndOneAreSizesLikeOthers(string kind)
    {
        await using var lazy = Make(kind);
        var f = Lazy.Compile((Tensor[] t) => [t[0] * 2, t[0].Sum(), t[0]]);
        foreach (var n in new[] { 0, 1, 0, 3, 1 })
        {
            var x = Tensor.Ones([n, 2], lazy.Device);
            var results = f.Run([x]);
            Tensor[] outputs = [Tensor.Full([n, 2], 9, lazy.Device), Tensor.Full([], 9, lazy.Device), Tensor.Full([n, 2], 9, lazy.Device)];
            for (var i = 0; i < 3; i++) f.Run([x], outputs);
            foreach (var r in new[] { results, outputs })
            {
                Assert.Equal(Enumerable.Repeat(2f, 2 * n), r[0].ToArray<float>());
                Assert.Equal(2f * n, r[1].Item());
                Assert.Equal(Enumerable.Repeat(1f, 2 * n), r[2].ToArray<float>());
            }
        }
        Assert.Equal(3, f.Programs);
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task TwoBackwardPassesAreTwoInACapturedFunctionToo(string kind)
    {
        await using var lazy = Make(kind);
        var w = new Parameter(lazy.Tensor(2));
        var f = Lazy.Compile(x =>
        {
            w.Grad = null;
            var a = (x * w).Sum();
            a.Backward();
            var b = (x * w * w).Sum();
            b.Backward();
            return a + b;
        });
        for (var i = 1; i < 20; i++)
        {
            Assert.Equal(6f * i, f.Run(lazy.Tensor(i)).Item());
            Assert.Equal(5f * i, w.Grad!.Item());
        }
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task ABatchNormKeepsTheStatisticsOfARecordedOne(string kind)
    {
        await using var lazy = Make(kind);
        float[] Train(bool captured)
        {
            var norm = new BatchNorm2d(2, lazy.Device);
            var optimizer = new SGD(norm.Parameters(), 0.1, 0.9);
            Tensor Step(Tensor x)
            {
                var loss = (norm.Forward(x) - 0.3).Square().Sum();
                loss.Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
                return loss;
            }
            var f = Lazy.Compile(Step);
            for (var i = 0; i < 4; i++)
            {
                var x = Tensor.From(Enumerable.Range(0, 16).Select(k => (float)((k * 7 % 5) + i)).ToArray(), [2, 2, 2, 2], lazy.Device);
                _ = (captured ? f.Run(x) : Step(x)).Item();
                lazy.Device.MarkStep();
            }
            return [.. norm.Parameters().SelectMany(p => p.ToArray<float>()), .. norm.RunningMean.ToArray<float>(), .. norm.RunningVariance.ToArray<float>()];
        }
        Assert.Equal(Train(false), Train(true));
    }

    [Fact]
    public async Task NullsAreRefusedByName()
    {
        await using var lazy = Make("simd");
        var f = Lazy.Compile(x => x + 1);
        Assert.Equal("inputs", Assert.Throws<ArgumentNullException>(() => f.Run((Tensor)null!)).ParamName);
        Assert.Equal("outputs", Assert.Throws<ArgumentNullException>(() => f.Run([lazy.Tensor(1)], [null!])).ParamName);
        Assert.Equal("carried", Assert.Throws<ArgumentNullException>(() => Loop.For(2, [null!], (_, c) => c)).ParamName);
    }

    [Fact]
    public async Task ManyShapesLeaveNoMoreMemoryThanFew()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 16, DataCacheEntries = 0 }, new SimdBackend(new SimdSettings { Threads = 1 }));
        var x = Tensor.From(new float[20_000], [20_000], lazy.Device);
        _ = (x + 1).ToArray<float>();
        await lazy.Device.WaitDeviceOpsAsync();
        var use = lazy.Device.MemoryUse.InUse;
        Run(lazy, x);
        for (var i = 0; i < 20 && lazy.Device.MemoryUse.InUse != use; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(use, lazy.Device.MemoryUse.InUse);
        Assert.InRange(lazy.Engine.ComputationCache.Numel, 1, 16);
        Assert.InRange(lazy.Engine.Metrics.CacheEvictions.Total, 150, 200);
        GC.KeepAlive(x);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Run(TestEngine lazy, Tensor x)
        {
            var f = Lazy.Compile((Tensor[] t) => [t[0].Softmax(0) + t[1].Sum(), t[1] * 2]);
            for (var i = 1; i <= 180; i++) Assert.Equal(1f / i, f.Run([Tensor.Ones([i], lazy.Device), x])[0].ToArray<float>()[0], 1e-6f);
            Assert.Equal(64, f.Programs);
        }
    }

    [Fact]
    public async Task WithoutRoomARunIsAnErrorAndItsOutputsStay()
    {
        var isFull = false;
        await using var lazy = new TestEngine(backend: new FaultyBackend { OnAllocate = bytes => isFull && bytes > 100_000 ? new OutOfMemoryException() : null });
        var f = Lazy.Compile(t => t * 2);
        var (x, y) = (Tensor.Ones([40_000], lazy.Device), Tensor.Full([40_000], 7, lazy.Device));
        Assert.Equal((2f, 7f), (f.Run(x).ToArray<float>()[0], y.ToArray<float>()[0]));
        isFull = true;
        Assert.Throws<DeviceMemoryException>(() => f.Run([x], [y]));
        Assert.Equal(7f, y.ToArray<float>()[^1]);
        isFull = false;
        f.Run([x], [y]);
        Assert.Equal(2f, y.ToArray<float>()[^1]);
    }

    [Fact]
    public async Task AnOperatorThatCannotRunIsRefusedWhenItIsCaptured()
    {
        await using var lazy = new PartialEngine(new PartialBackend("own", "prim.exp"));
        var f = Lazy.Compile(t => t.Exp());
        var error = Assert.Throws<UnsupportedOperatorException>(() => f.Run(lazy.Tensor(1, 2)));
        Assert.All((string[])["exp", "f32[2]", "own-plugin", "CaptureEdgeTests.cs"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.Equal(0, f.Programs);
    }

    [Theory, InlineData("simd"), InlineData("faulty")]
    public async Task OutputsOutliveTheScopeTheyAreWrittenIn(string kind)
    {
        await using var lazy = Make(kind);
        var f = Lazy.Compile(t => t * 2);
        var (y, big) = (lazy.Tensor(1), Tensor.Ones([40_000], lazy.Device));
        await using (var step = lazy.Device.BeginStep())
        {
            var used = y + 1;
            f.Run([lazy.Tensor(10)], [y]);
            f.Run([big], [big]);
            await step.CompleteAsync();
            Assert.Equal(2f, used.Item());
        }
        Assert.Equal((20f, 2f), (y.Item(), big.ToArray<float>()[^1]));
    }

    [Fact]
    public async Task AQuickRunThatFailsLosesOnlyWhatItWroteOver()
    {
        var isFailing = false;
        await using var lazy = new PartialEngine(new PartialBackend("own") { OnExecute = () => isFailing ? new InvalidOperationException("lost power") : null });
        var f = Lazy.Compile((Tensor[] t) => [t[0] * 2, t[0] + 1]);
        var (x, y, z) = (lazy.Tensor(1), lazy.Tensor(0), lazy.Tensor(0));
        for (var i = 0; i < 2; i++) f.Run([x], [y, z]);
        var used = y * 3; // so y is not written over
        isFailing = true;
        Assert.Throws<ExecutionException>(() => f.Run([x], [y, z]));
        isFailing = false;
        Assert.Equal((6f, 2f), (used.Item(), y.Item()));
        Assert.Throws<LostValueException>(() => (z + 1).Item());
        f.Run([x], [y, z]);
        Assert.Equal(2f, z.Item());
    }
}

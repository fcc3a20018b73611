namespace LazyHost.Tests;

public sealed class RecordingTests
{
    [Fact]
    public async Task NothingRunsUntilItIsRead()
    {
        await using var lazy = new TestEngine();
        var y = (lazy.Tensor(1, 2, 3) * 2) + 1;
        Assert.False(y.IsSubmitted);
        Assert.Equal(0, lazy.Compiles);
        Assert.Equal(new[] { 3f, 5f, 7f }, await y.ToArrayAsync<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task NumbersAreParametersSoOtherNumbersCompileNothing()
    {
        await using var lazy = new TestEngine();
        for (var i = 1; i <= 5; i++) Assert.Equal(new[] { 2f * i }, (lazy.Tensor(2) * i).ToArray<float>());
        for (var i = 1; i <= 5; i++) Assert.Equal(new[] { 2f * 0.5f * i }, (lazy.Tensor(2) * (0.5 * i)).ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Int32)]
    public async Task ANumberTakesTheTypeBesideIt(DType type)
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(3).To(type);
        Assert.Equal(type, (x * 2).DType);
        Assert.Equal(type.IsFloat() ? type : DType.Float32, (x * 2.5).DType);
    }

    [Fact]
    public async Task OneShapeOneProgramAnotherShapeAnother()
    {
        await using var lazy = new TestEngine();
        for (var i = 0; i < 3; i++)
        {
            _ = (lazy.Tensor(1, 2) + 1).ToArray<float>();
            _ = (lazy.Tensor(1, 2, 3) + 1).ToArray<float>();
        }
        Assert.Equal(2, lazy.Compiles);
        Assert.Equal(4, lazy.Hits);
    }

    [Fact]
    public async Task AnAwaitInTheMiddleChangesNoKey()
    {
        await using var lazy = new TestEngine();
        for (var i = 0; i < 10; i++)
        {
            var x = lazy.Tensor(1, 2) * 3;
            await Task.Yield();
            x += 1;
            await Task.Delay(0);
            Assert.Equal(new[] { 4f, 7f }, await x.ToArrayAsync<float>());
        }
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task AMillionNodesAreRecordedRunAndDropped()
    {
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = 10_000 });
        var one = lazy.Tensor(1);
        var x = lazy.Tensor(0);
        for (var i = 0; i < 1_000_000; i++) x += one;
        Assert.Equal(1_000_000f, x.Item());
        Assert.True(lazy.Compiles <= 3, $"{lazy.Compiles} compiles");
        for (var i = 0; i < 60_000; i++) x += one;
    }

    [Fact]
    public async Task ADeepSegmentRunsAtOnce()
    {
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = int.MaxValue });
        var one = lazy.Tensor(1);
        var x = lazy.Tensor(0);
        for (var i = 0; i < 100_000; i++) x += one;
        Assert.Equal(100_000f, x.Item());
    }

    [Fact]
    public async Task UpstreamsCollidingPairGivesRightAnswers()
    {
        // t0, t1, t2 are visited in the same order by earlier roots; only operand wiring differs.
        await using var lazy = new TestEngine();
        float[] Last(Func<Tensor, Tensor, Tensor, Tensor> f)
        {
            Tensor a = lazy.Tensor(1, 2), b = lazy.Tensor(3, 4), c = lazy.Tensor(5, 6);
            var (x, y, z) = (a.Neg(), b.Neg(), c.Neg());
            var r = f(a, b, c);
            lazy.Device.MarkStep();
            GC.KeepAlive((x, y, z));
            return r.ToArray<float>();
        }
        Assert.Equal(new[] { 8f, 14f }, Last((a, b, c) => (a * b) + c));
        Assert.Equal(new[] { 8f, 16f }, Last((a, b, c) => (a * c) + b));
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public async Task ResultsHandedOutNeverChange()
    {
        await using var lazy = new TestEngine();
        var results = new List<Tensor>();
        for (var i = 0; i < 20; i++)
        {
            results.Add(Tensor.From(Enumerable.Repeat((float)i, 40_000).ToArray(), [40_000], lazy.Device) + 1);
            lazy.Device.MarkStep();
        }
        for (var i = 0; i < 20; i++) Assert.All(results[i].ToArray<float>(), v => Assert.Equal(i + 1f, v));
    }
}

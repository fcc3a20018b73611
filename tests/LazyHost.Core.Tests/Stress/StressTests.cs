using System.Diagnostics;
using System.Globalization;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests.Stress;

/// <summary>Many threads, two devices. A fixed amount of work; with LAZYHOST_STRESS_SECONDS set, for that many seconds.</summary>
public sealed class StressTests
{
    private static readonly double seconds = double.Parse(Environment.GetEnvironmentVariable("LAZYHOST_STRESS_SECONDS") ?? "0", CultureInfo.InvariantCulture);

    private static long End => seconds == 0 ? 0 : Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);

    [Fact]
    public async Task ThreadsThatStepAndReadOnTwoDevicesGetRightResults()
    {
        await using var run = new StressRun();
        run.Start(20, End, mayStop: false);
        run.Join();
        run.CheckResults();
        await run.Engine.WaitDeviceOpsAsync();
        await run.DisposeAsync();
        Assert.Equal(0, run.BytesInUse);
    }

    [Fact]
    public async Task StoppingInTheMiddleEndsEveryThreadWithTheSameError()
    {
        var end = End;
        var rounds = 0;
        do
        {
            await using var run = new StressRun();
            run.Start(int.MaxValue, 0, mayStop: true);
            run.WaitUntilUnderWay();
            await run.Engine.DisposeAsync();
            run.Join();
            Assert.Empty(run.Engine.StillRunning);
            Assert.Equal(0, run.BytesInUse);
        }
        while (++rounds < 2 || Stopwatch.GetTimestamp() < end);
    }

    [Fact]
    public async Task AMillionNodesInOneSegment()
    {
        Assert.SkipWhen(seconds == 0, "it takes 15 seconds: set LAZYHOST_STRESS_SECONDS");
        const int Nodes = 1_000_000;
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = int.MaxValue }, new SimdBackend(new SimdSettings(2)));
        var x = lazy.Tensor(0, 1);
        var one = lazy.Tensor(1);
        for (var i = 0; i < Nodes; i++) x += one;
        Assert.Equal([Nodes, Nodes + 1f], x.ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }
}

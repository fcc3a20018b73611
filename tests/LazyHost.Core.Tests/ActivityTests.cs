using System.Collections.Concurrent;
using System.Diagnostics;

namespace LazyHost.Tests;

/// <summary>What tracing sees of a step.</summary>
public sealed class ActivityTests : IDisposable
{
    private readonly ConcurrentQueue<Activity> seen = [];
    private readonly ActivityListener listener;

    public ActivityTests()
    {
        // Other tests run beside these: their devices have other names.
        listener = new()
        {
            ShouldListenTo = source => source.Name == Instrumentation.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("device") is "traced:0") seen.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    private static TestEngine Engine() => new(backend: new FaultyBackend { Kind = "traced" });

    private Activity Single(string name) => Assert.Single(seen, a => a.OperationName == name);

    [Fact]
    public async Task AStepIsRecordedKeyedLoweredCompiledRunAndFetched()
    {
        await using var lazy = Engine();
        using var mine = new Activity("mine").Start();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        using var scope = lazy.Device.Scope("double");
        _ = await (x * 2).ToArrayAsync<float>();
        Assert.Equal(["transfer", "record", "key", "lower", "compile", "execute", "transfer"], seen.Select(a => a.OperationName));
        Assert.All(seen, a => Assert.Equal(mine.TraceId, a.TraceId));
        Assert.Equal((3, "double.1"), (Single("record").GetTagItem("nodes"), Single("record").GetTagItem("scope")));
        Assert.Equal((false, 3), (Single("key").GetTagItem("hit"), Single("key").GetTagItem("nodes")));
        Assert.Equal(32, Assert.IsType<string>(Single("key").GetTagItem("key")).Length);
        Assert.Equal(Single("record").GetTagItem("segment"), Single("key").GetTagItem("segment"));
        Assert.StartsWith("segment", Assert.IsType<string>(Single("compile").GetTagItem("program")), StringComparison.Ordinal);
        Assert.True(Single("compile").GetTagItem("kernels") is > 0);
        Assert.Equal(("FirstCompile", "the cache holds no program of traced:0 yet (FirstCompile)"), (Single("compile").GetTagItem("reason"), Single("compile").GetTagItem("why")));
        Assert.Equal((0L, false), (Single("execute").GetTagItem("step"), Single("execute").GetTagItem("failed")));
        Assert.Equal([("traced:0", 160_000), ("host", 160_000)], seen.Where(a => a.OperationName == "transfer").Select(a => ((string)a.GetTagItem("to")!, (int)a.GetTagItem("bytes")!)));
    }

    [Fact]
    public async Task ASegmentInTheCacheIsNeitherLoweredNorCompiled()
    {
        await using var lazy = Engine();
        _ = (lazy.Tensor(1) + 1).Item();
        seen.Clear();
        _ = (lazy.Tensor(1) + 2).Item();
        Assert.Equal(["record", "key", "execute"], seen.Select(a => a.OperationName));
        Assert.Equal(true, Single("key").GetTagItem("hit"));
    }

    [Fact]
    public async Task RecordingBeginsWithTheFirstOperation()
    {
        await using var lazy = Engine();
        var y = lazy.Tensor(1) + 1;
        using var between = new Activity("between").Start();
        between.Stop();
        y += 1;
        lazy.Device.MarkStep();
        var record = Single("record");
        Assert.True(record.StartTimeUtc <= between.StartTimeUtc.AddMilliseconds(1), $"{record.StartTimeUtc:O} {between.StartTimeUtc:O}");
        Assert.True(record.StartTimeUtc + record.Duration >= between.StartTimeUtc);
    }

    [Fact]
    public async Task ARunThatFailsSaysSo()
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend { Kind = "traced", OnExecute = _ => new InvalidOperationException("broken") });
        await Assert.ThrowsAsync<ExecutionException>(() => (lazy.Tensor(1) + 1).ToArrayAsync<float>());
        Assert.Equal(true, Single("execute").GetTagItem("failed"));
    }

    [Theory]
    [InlineData("starts")]
    [InlineData("ends")]
    [InlineData("is sampled")]
    public async Task AListenerThatThrowsHarmsNothing(string when)
    {
        await using var lazy = new TestEngine(backend: new FaultyBackend { Kind = "untraced" });
        using var mine = new Activity("mine").Start();
        var thrown = new ConcurrentBag<string>();
        void Throw(string now, ActivityTraceId trace)
        {
            if (now != when || trace != mine.TraceId) return;
            thrown.Add(now);
            throw new InvalidOperationException("listener");
        }
        using var throwing = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Instrumentation.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                Throw("is sampled", options.Parent.TraceId);
                return ActivitySamplingResult.AllData;
            },
            ActivityStarted = activity => Throw("starts", activity.TraceId),
            ActivityStopped = activity => Throw("ends", activity.TraceId),
        };
        ActivitySource.AddActivityListener(throwing);
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        Assert.Same(mine, Activity.Current);
        Assert.Equal(2f, (await (x + 2).ToArrayAsync<float>())[0]);
        Assert.Equal(3f, (x + 3).ToArray<float>()[0]);
        Assert.Same(mine, Activity.Current);
        Assert.True(thrown.Count >= 7, $"{thrown.Count}");
    }

    public void Dispose() => listener.Dispose();
}

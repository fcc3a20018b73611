using System.Diagnostics;
using System.Diagnostics.Metrics;
using LazyHost.Backends.Reference;
using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>Counters, samples and their instruments.</summary>
public sealed class MetricsTests
{
    private static void Record(MetricSamples metric, Device device, params IEnumerable<long> values)
    {
        foreach (var value in values) metric.Record(value, 1, device);
    }

    [Fact]
    public async Task AMetricWithoutSamplesNeverFails()
    {
        await using var lazy = new TestEngine();
        foreach (var metric in lazy.Engine.Metrics.All.OfType<MetricSamples>())
        {
            var statistics = metric.Read();
            Assert.Equal((0L, 0.0, 0.0, 0.0), (statistics.Count, statistics.Sum, statistics.Rate, statistics.SumRate));
            Assert.Empty(statistics.Percentiles);
            Assert.Equal(0, statistics.Percentile(99));
            Assert.Contains($"Metric: {metric.Name}\n  TotalSamples: 0\n", lazy.Engine.Metrics.Report(metric.Name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PercentilesAreNearestRanks()
    {
        await using var lazy = new TestEngine();
        var sizes = lazy.Engine.Metrics.TensorsGraphSize;
        Record(sizes, lazy.Device, 7);
        Assert.All(sizes.Read().Percentiles, p => Assert.Equal(7, p.Value));
        sizes.Reset();
        Record(sizes, lazy.Device, Enumerable.Range(1, 200).Select(i => 201L - i));
        var statistics = sizes.Read();
        Assert.Equal([1, 5, 10, 20, 50, 80, 90, 95, 99], statistics.Percentiles.Select(p => p.Key));
        Assert.Equal([2, 10, 20, 40, 100, 160, 180, 190, 198], statistics.Percentiles.Select(p => p.Value));
        Assert.Equal(100, statistics.Median);
        Assert.Throws<ArgumentOutOfRangeException>(() => statistics.Percentile(42));
    }

    [Fact]
    public async Task PercentilesAreOfTheLastSamplesAndCountAndSumOfAll()
    {
        await using var lazy = new TestEngine();
        var sizes = lazy.Engine.Metrics.TensorsGraphSize;
        Record(sizes, lazy.Device, Enumerable.Repeat(1L, 5000));
        Record(sizes, lazy.Device, Enumerable.Repeat(3L, SampleRing.Kept));
        var statistics = sizes.Read();
        Assert.Equal((6024L, 5000.0 + (3 * 1024)), (statistics.Count, statistics.Sum));
        Assert.Equal(3, statistics.Percentile(1));
    }

    [Fact]
    public async Task WritersWithRingsOfTheirOwnAreOneMetricAlsoWhenTheyAreGone()
    {
        await using var lazy = new TestEngine();
        var sizes = lazy.Engine.Metrics.TensorsGraphSize;
        var (a, b) = (sizes.AddRing(), sizes.AddRing());
        for (var i = 1; i <= 2000; i++)
        {
            a.Add(1, i);
            b.Add(3, i + 500);
        }
        var before = sizes.Read();
        Assert.Equal((4000L, 8000.0), (before.Count, before.Sum));
        // The last 1,024 by time: 500 of b alone, then both.
        Assert.Equal((1, 3), (before.Percentile(20), before.Percentile(50)));
        sizes.RemoveRing(a);
        sizes.RemoveRing(b);
        var after = sizes.Read();
        Assert.Equal((4000L, 8000.0), (after.Count, after.Sum));
        var c = sizes.AddRing();
        c.Add(5, 9000);
        sizes.Reset();
        Assert.Equal(0, sizes.Count);
        c.Add(7, 9001);
        sizes.RemoveRing(c);
        Assert.Equal((1L, 7.0, 7.0), (sizes.Read().Count, sizes.Read().Sum, sizes.Read().Median));
    }

    [Fact]
    public async Task WhatADeviceHasRunStaysCountedWhenItIsGone()
    {
        await using var lazy = new TestEngine();
        _ = (lazy.Tensor(1) + 1).Item();
        await lazy.Engine.RemoveBackendAsync("reference");
        Assert.Equal((1, 1), (lazy.Engine.Metrics.ExecuteTime.Count, lazy.Engine.Metrics.LazyTracing.Count));
        Assert.True(lazy.Engine.Metrics.ExecuteTime.Read().Sum > 0);
    }

    [Fact]
    public async Task CompilingIsNoPartOfRecording()
    {
        await using var lazy = new TestEngine();
        var start = Stopwatch.GetTimestamp();
        _ = (lazy.Tensor(1) + 1).Item();
        var all = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var metrics = lazy.Engine.Metrics;
        var parts = metrics.LazyTracing.Read().Sum + metrics.CompileTime.Read().Sum + metrics.ExecuteTime.Read().Sum;
        Assert.True(parts <= all, $"{parts} of {all} ms");
    }

    [Fact]
    public async Task RatesAreOverTheTimeBetweenTheFirstAndTheLastSampleKept()
    {
        await using var lazy = new TestEngine();
        var compile = lazy.Engine.Metrics.CompileTime;
        for (var i = 1; i <= 5; i++) compile.RecordTime(i * Stopwatch.Frequency, (i * Stopwatch.Frequency) + (Stopwatch.Frequency / 100), lazy.Device);
        var statistics = compile.Read();
        Assert.Equal(5 / 4.0, statistics.Rate, 1e-9);
        Assert.Equal(50 / 4.0, statistics.SumRate, 1e-6);
        Assert.Equal(50, statistics.Sum, 1e-6);
        Assert.Equal(10, statistics.Median, 1e-6);
    }

    [Fact]
    public async Task SamplesOfManyThreadsAreAllCounted()
    {
        await using var lazy = new TestEngine();
        var (sizes, steps) = (lazy.Engine.Metrics.TensorsGraphSize, lazy.Engine.Metrics.MarkStep);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                sizes.Record(2, 1, lazy.Device);
                steps.Add(1, lazy.Device);
                if (i % 1000 == 0) Assert.True(sizes.Read().Count > 0);
            }
        });
        Assert.Equal((80_000L, 160_000.0, 80_000L), (sizes.Count, sizes.Read().Sum, steps.Total));
    }

    [Fact]
    public async Task ResetStartsEverythingAgain()
    {
        await using var lazy = new TestEngine();
        var metrics = lazy.Engine.Metrics;
        _ = (lazy.Tensor(1) + 1).Item();
        lazy.Device.MarkStep();
        metrics.Reset();
        Assert.All(metrics.All, m => Assert.Equal(0, m is MetricSamples s ? s.Count : ((MetricCounter)m).Total));
        Assert.Empty(metrics.TracedOperators);
        _ = (lazy.Tensor(1) + 1).Item();
        Assert.Equal((1L, 0L, 1L), (metrics.CachedCompile.Total, metrics.UncachedCompile.Total, metrics.ExecuteTime.Count));
        Assert.Equal(1, metrics.TracedOperators["lazy::add"]);
        Assert.Equal(0, metrics.CompileTime.Read().Sum);
    }

    [Fact]
    public async Task OperatorsAreCountedByRunAlsoThoseOfProgramsDroppedMeanwhile()
    {
        await using var lazy = new TestEngine(new() { CacheEntries = 1 });
        float[] Run(float[] values) => ((lazy.Tensor(values) * 2 * 2) + 1).ToArray<float>();
        for (var i = 0; i < 3; i++) Run([1]);
        for (var i = 0; i < 2; i++) Run([1, 2]);
        var metrics = lazy.Engine.Metrics;
        Assert.Equal(10, metrics.TracedOperators["lazy::mul"]);
        Assert.Equal(5, metrics.TracedOperators["lazy::add"]);
        Assert.Equal(5, metrics.SyncedTensorsWithIR.Total);
        Assert.Equal(1, metrics.CacheEvictions.Total);
        metrics.Reset();
        Run([1, 2]);
        Assert.Equal(2, metrics.TracedOperators["lazy::mul"]);
    }

    [Fact]
    public async Task EveryBufferTakenIsGivenBack()
    {
        var lazy = new TestEngine();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        _ = (x + lazy.Tensor(1)).ToArray<float>();
        _ = (lazy.Tensor(1) + 1).Item();
        var metrics = lazy.Engine.Metrics;
        Assert.True(metrics.CreateDataHandles.Total > metrics.DestroyDataHandles.Total);
        await lazy.DisposeAsync();
        Assert.Equal(metrics.CreateDataHandles.Total, metrics.DestroyDataHandles.Total);
        Assert.Equal(0, lazy.Device.MemoryUse.InUse);
    }

    [Fact]
    public async Task CopiesAreTimedAndTheirBytesCounted()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        _ = x.ToArray<float>();
        var metrics = lazy.Engine.Metrics;
        Assert.Equal((160_000, 160_000), (metrics.OutboundBytes.Total, metrics.InboundBytes.Total));
        Assert.Equal((1, 1, 1), (metrics.TransferToDeviceTime.Count, metrics.TransferFromDeviceTime.Count, metrics.SyncTensorsToData.Total));
        _ = (lazy.Tensor(1, 2) + 1).ToArray<float>();
        Assert.Equal((1, 1), (metrics.IrValueTensorToDataHandle.Count, metrics.DeviceDataCacheMiss.Total));
    }

    [Fact]
    public async Task AWaitForAFullQueueIsTimed()
    {
        var gate = new TaskCompletionSource();
        var backend = new FaultyBackend { ExecuteGate = gate.Task };
        await using var lazy = new TestEngine(new() { QueueDepth = 1 }, backend);
        var x = lazy.Tensor(1);
        void Step(int size)
        {
            _ = x + Tensor.Ones([size], lazy.Device);
            lazy.Device.MarkStep();
        }
        Step(1);
        Assert.Equal(0, lazy.Engine.Metrics.DeviceLockWait.Count);
        using var bound = new ManualResetEventSlim();
        backend.OnAllocate = _ =>
        {
            bound.Set();
            return null;
        };
        var second = new Thread(() => Step(1000)); // another size than any in the pool
        second.Start();
        bound.Wait();
        SpinWait.SpinUntil(() => (second.ThreadState & System.Threading.ThreadState.WaitSleepJoin) != 0);
        gate.SetResult();
        second.Join();
        Assert.Equal(1, lazy.Engine.Metrics.DeviceLockWait.Count);
    }

    [Fact]
    public async Task EverySegmentIsTimedAndMeasuredFromTheCacheOrNot()
    {
        await using var lazy = new TestEngine();
        for (var i = 0; i < 3; i++) _ = (lazy.Tensor(1) + i).Item();
        var metrics = lazy.Engine.Metrics;
        Assert.Equal((3, 3, 1), (metrics.LazyTracing.Count, metrics.TensorsGraphSize.Count, metrics.CompileTime.Count));
        Assert.Equal(9, metrics.TensorsGraphSize.Read().Sum); // an input, a number, a sum
        Assert.True(metrics.LazyTracing.Read().Sum > 0);
    }

    [Fact]
    public async Task SegmentsAtTheLimitAndValuesComputedAgainAreCounted()
    {
        await using var lazy = new TestEngine(new() { SegmentNodeLimit = 10 });
        var x = lazy.Tensor(1);
        for (var i = 0; i < 25; i++) x = x.Neg();
        Assert.Equal(2, lazy.Engine.Metrics.TrimIrGraph.Total);
        lazy.Device.MarkStep();
        var hidden = lazy.Tensor(1) * 2;
        Assert.Equal(3f, (hidden + 1).Item());
        Assert.Equal(0, lazy.Engine.Metrics.Recomputed.Total);
        Assert.Equal(2f, hidden.Item());
        Assert.Equal(1, lazy.Engine.Metrics.Recomputed.Total);
    }

    [Fact]
    public async Task AClosureThatFailsInTheBackgroundIsCounted()
    {
        await using var lazy = new TestEngine();
        lazy.Device.AddStepClosure(_ => throw new InvalidOperationException("no"));
        lazy.Device.MarkStep();
        lazy.Device.AddStepClosure(_ => Task.CompletedTask);
        SpinWait.SpinUntil(() => lazy.Engine.Metrics.StepClosureException.Total > 0);
        Assert.Contains("Counter: ThreadPoolException\n  Value: 1\n", lazy.Engine.Metrics.Report(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OperatorsThatFellBackAreCountedByName()
    {
        await using var lazy = new TestEngine(new() { FallbackChain = ["reference"] }, new FaultyBackend { Unsupported = PrimitiveKind.Cos });
        lazy.Engine.AddBackend(new ReferenceBackend(), "second", "test");
        Assert.Equal(1f, lazy.Tensor(0).Cos().Item());
        Assert.Equal(["fallback::cos"], lazy.Engine.Metrics.FallbackOperators.Keys);
        Assert.Contains("Counter: fallback::cos\n  Value: 1\n", lazy.Engine.Metrics.Report("CompileTime"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheMeterHasEveryFigureWithItsDevice()
    {
        var seen = new Dictionary<string, (double Value, string? Device)>();
        await using var lazy = new TestEngine();
        using var listener = new MeterListener();
        // Other engines of the process have meters of the same name: this one's are known by what they were made with.
        var own = lazy.Engine.Metrics.Meter;
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == own) l.EnableMeasurementEvents(instrument);
        };
        void See(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var device = tags.Length > 0 && tags[0].Key == "device" ? (string?)tags[0].Value : null;
            lock (seen) seen[name] = (seen.GetValueOrDefault(name).Value + value, device);
        }
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => See(i.Name, v, tags));
        listener.SetMeasurementEventCallback<int>((i, v, tags, _) => See(i.Name, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => See(i.Name, v, tags));
        listener.Start();
        var x = Tensor.From(new float[40_000], [40_000], lazy.Device);
        _ = (x + lazy.Tensor(1)).ToArray<float>();
        _ = (x + lazy.Tensor(1)).ToArray<float>();
        lazy.Device.MarkStep();
        listener.RecordObservableInstruments();
        Assert.Equal(1, seen["lazyhost.step.marked"].Value);
        Assert.Equal((1, 1), (seen["lazyhost.compile.cached"].Value, seen["lazyhost.compile.uncached"].Value));
        Assert.Equal(2, seen["lazyhost.operator.traced"].Value);
        Assert.Equal((1, null), seen["lazyhost.cache.entries"]);
        Assert.Equal(1, seen["lazyhost.data_cache.entries"].Value);
        Assert.Equal((160_004, "reference:0"), seen["lazyhost.transfer.outbound"]);
        Assert.Equal((2, "reference:0"), seen["lazyhost.segment.roots"]);
        foreach (var name in new[] { "lazyhost.execute.time", "lazyhost.compile.time", "lazyhost.device.memory", "lazyhost.device.memory.peak", "lazyhost.transfer.inbound.time" })
        {
            Assert.True(seen[name].Value > 0, name);
            Assert.Equal("reference:0", seen[name].Device);
        }
    }
}

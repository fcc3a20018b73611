using System.Runtime.CompilerServices;

namespace LazyHost.Tests;

/// <summary>The budget of a device, and what happens at its end.</summary>
public sealed class MemoryTests
{
    private const int Elements = 150_000; // 600,000 bytes
    private static readonly LazyEngineOptions oneMegabyte = new() { MemoryBudget = 1 << 20 };

    private static Tensor Large(TestEngine lazy) => Tensor.From(new float[Elements], [Elements], lazy.Device);

    [Fact]
    public async Task TwoThatAskAtOnceDoNotShareTheSameRoom()
    {
        using var inside = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var calls = 0;
        var backend = new FaultyBackend
        {
            OnAllocate = _ =>
            {
                if (Interlocked.Increment(ref calls) > 1) return null;
                inside.Set();
                go.Wait();
                return null;
            },
        };
        await using var lazy = new TestEngine(oneMegabyte, backend);
        var first = Task.Factory.StartNew(() => Large(lazy), TaskCreationOptions.LongRunning);
        inside.Wait();
        Assert.Throws<DeviceMemoryException>(() => Large(lazy));
        go.Set();
        Assert.Equal(Elements, (await first).ToArray<float>().Length);
        Assert.Equal(1, calls);
        Assert.Equal((600_000, 600_000), (lazy.Device.MemoryUse.InUse, lazy.Device.MemoryUse.Peak));
    }

    [Fact]
    public async Task WhatCannotBeAllocatedIsNotCounted()
    {
        var backend = new FaultyBackend { OnAllocate = size => size > 100_000 ? new InvalidOperationException("worn out") : null };
        await using var lazy = new TestEngine(oneMegabyte, backend);
        Assert.Contains("worn out", Assert.Throws<DeviceMemoryException>(() => Large(lazy)).Message);
        Assert.Equal(0, lazy.Device.MemoryUse.InUse);
    }

    [Fact(Timeout = 60_000)]
    public async Task AFinalizerThatReadsFromASegmentThatFindsNoRoomDoesNotHangIt()
    {
        await using var lazy = new TestEngine(oneMegabyte);
        var one = Tensor.Ones([1], lazy.Device);
        Drop(lazy);
        // Both in one segment, for which there is room only once a collection has found the large value.
        var small = one + 1;
        var large = one.Expand([Elements]) + 1;
        var seen = new TaskCompletionSource<float>();
        Drop(small, seen);
        Assert.Equal(2f, large.ToArray<float>()[^1]);
        Assert.Equal(2f, await seen.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ErrorsNameTheOperatorAndThePlace()
    {
        await using var lazy = new TestEngine(oneMegabyte);
        var one = Tensor.Ones([1], lazy.Device).Expand([Elements]);
        var held = Large(lazy);
        var sum = one.Mul(3);
        var error = Assert.Throws<DeviceMemoryException>(() => lazy.Device.MarkStep());
        Assert.Equal(("mul", "MemoryTests.cs"), (error.Operator, Path.GetFileName(error.CallSite!.Value.File)));
        Assert.Contains("f32[150000]", error.Message);
        // Again where it is computed later.
        error = Assert.Throws<DeviceMemoryException>(() => sum.ToArray<float>());
        Assert.Equal(("mul", "MemoryTests.cs"), (error.Operator, Path.GetFileName(error.CallSite!.Value.File)));
        error = Assert.Throws<DeviceMemoryException>(() => Large(lazy));
        Assert.Equal("MemoryTests.cs", Path.GetFileName(error.CallSite!.Value.File));
        Assert.Equal(0f, held.ToArray<float>()[0]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(TestEngine lazy) => Large(lazy);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Tensor tensor, TaskCompletionSource<float> seen) => _ = new Reader(tensor, seen);

    private sealed class Reader(Tensor tensor, TaskCompletionSource<float> seen)
    {
        ~Reader()
        {
            try { seen.SetResult(tensor.Item()); }
            catch (Exception e) { seen.SetException(e); }
        }
    }
}

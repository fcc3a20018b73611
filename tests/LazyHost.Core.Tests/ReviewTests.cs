namespace LazyHost.Tests;

/// <summary>What flows, scopes, regions and devices do to each other.</summary>
public sealed class ReviewTests
{
    private const int Large = 20_000; // more than 64 KiB as f32

    private static Tensor Big(TestEngine lazy, float value = 1) => Tensor.Full([Large], value, lazy.Device);

    [Fact]
    public async Task ARunIsQueuedBeforeOthersCanUseItsResults()
    {
        await using var lazy = new TestEngine(new() { QueueDepth = 8 }, new FaultyBackend());
        var bad = 0;
        for (var round = 0; round < 60; round++)
        {
            var x = Tensor.Full([Large], round + 1, lazy.Device);
            var first = x + 1;
            for (var i = 0; i < 600; i++) _ = lazy.Tensor(i) + 1; // results to be made known after the first
            var value = round + 2f;
            var reader = Task.Factory.StartNew(() =>
            {
                using var fork = lazy.Device.Fork();
                while (!first.IsSubmitted) Thread.SpinWait(1);
                return (first + 1).ToArray<float>()[5];
            }, TaskCreationOptions.LongRunning);
            lazy.Device.MarkStep();
            if (await reader != value + 1) bad++;
        }
        Assert.Equal(0, bad);
    }

    [Fact]
    public async Task DroppedFlowsAreCollected()
    {
        await using var lazy = new TestEngine();
        static void Drop(TestEngine lazy)
        {
            var y = Big(lazy) + 1;
            lazy.Device.SyncTensors([y]);
            _ = y * 2; // recorded, and never closed
        }
        for (var i = 0; i < 400; i++)
        {
            var thread = new Thread(() => Drop(lazy));
            thread.Start();
            thread.Join();
        }
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Drop(lazy);
        }
        Assert.InRange(lazy.Device.MemoryUse.InUse, 0, 150 * 80_000);
    }
}

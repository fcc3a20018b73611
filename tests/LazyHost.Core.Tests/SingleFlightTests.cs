using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>One compilation for many callers: who is cancelled leaves alone, and only when all have left does it end.</summary>
public sealed class SingleFlightTests : IAsyncLifetime
{
    private readonly TestEngine lazy = new();
    private readonly ComputationCache cache = new(4, long.MaxValue);
    private readonly TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CancellationToken> compiling = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int compiles;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        cache.Clear();
        await lazy.DisposeAsync();
    }

    [Fact]
    public async Task TheCallerThatCompilesLeavesAndTheOthersGetTheProgram()
    {
        using var cancel = new CancellationTokenSource();
        var leader = Lookup(cancel.Token);
        var token = await compiling.Task;
        Task<bool>[] others = [Lookup(CancellationToken.None), Lookup(CancellationToken.None)];
        SpinWait.SpinUntil(() => cache.Statistics.Waiting == 3);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.False(token.IsCancellationRequested);
        go.SetResult();
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal((1, 1, 2, 0), (compiles, cache.Numel, cache.Statistics.Hits, cache.Statistics.Waiting));
    }

    [Fact]
    public async Task AWaiterThatLeavesDisturbsNobody()
    {
        using var cancel = new CancellationTokenSource();
        using var unused = new CancellationTokenSource();
        var leader = Lookup(unused.Token);
        var token = await compiling.Task;
        var waiter = Lookup(cancel.Token);
        SpinWait.SpinUntil(() => cache.Statistics.Waiting == 2);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        Assert.False(token.IsCancellationRequested);
        go.SetResult();
        Assert.False(await leader);
        Assert.Equal((1, 1L), (compiles, cache.Statistics.Misses));
    }

    [Fact]
    public async Task WhenAllHaveLeftItIsCancelledAndTheNextCallerCompilesAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        Task<bool>[] all = [Lookup(cancel.Token), Lookup(cancel.Token)];
        var token = await compiling.Task;
        SpinWait.SpinUntil(() => cache.Statistics.Waiting == 2);
        await cancel.CancelAsync();
        foreach (var caller in all) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);
        Assert.True(token.IsCancellationRequested);
        Assert.Equal((0, 0), (cache.Numel, cache.Statistics.Waiting));
        // The one that was cancelled does not look at its token, and ends with a program that nobody wants.
        var next = Lookup(CancellationToken.None);
        SpinWait.SpinUntil(() => Volatile.Read(ref compiles) == 2);
        go.SetResult();
        Assert.False(await next);
        Assert.Equal(1, cache.Numel);
    }

    [Fact]
    public async Task AFailureIsItsCallersAndTheNextTries()
    {
        var failing = Task.Run(() => cache.GetOrCompile(1, [1], () => _ =>
        {
            compiling.SetResult(default);
            go.Task.Wait();
            throw new CompilationException("no");
        }, CancellationToken.None));
        await compiling.Task;
        var next = Task.Run(() => Compile(CancellationToken.None));
        SpinWait.SpinUntil(() => cache.Statistics.Waiting == 2);
        go.SetResult();
        await Assert.ThrowsAsync<CompilationException>(() => failing);
        Assert.False(await next);
        Assert.Equal((1, 2L), (cache.Numel, cache.Statistics.Misses));
    }

    /// <summary>True for a hit.</summary>
    private Task<bool> Lookup(CancellationToken token) => Task.Factory.StartNew(() => Compile(token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private bool Compile(CancellationToken cancellationToken)
    {
        var (value, hit) = cache.GetOrCompile(1, [1], () => token =>
        {
            Interlocked.Increment(ref compiles);
            compiling.TrySetResult(token);
            go.Task.Wait(CancellationToken.None);
            var graph = new GraphBuilder();
            graph.AddRoot(graph.Emit(Operators.Neg.Form, [graph.Parameter(new(DType.Float32, [2]))]));
            var built = graph.Build();
            return new(built, new SegmentCompiler(lazy.Engine, lazy.Engine.Logger).Compile(lazy.Device, built, new(lazy.Engine.Options.Compilation)), 8);
        }, cancellationToken);
        value.Computation.Unuse();
        return hit;
    }
}

using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace LazyHost;

/// <summary>Runs asynchronous step closures one after the other, a bounded number ahead.</summary>
internal sealed class AsyncClosures
{
    private const int Waiting = 100;

    private readonly Channel<Func<CancellationToken, Task>> closures = Channel.CreateBounded<Func<CancellationToken, Task>>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Action failed;
    private ExceptionDispatchInfo? error;
    private Task? worker;

    /// <param name="failed">Called when a closure has failed.</param>
    public AsyncClosures(Action failed) => this.failed = failed;

    /// <summary>Takes a closure; waits while too many do.</summary>
    /// <exception cref="StepException">The engine has been stopped.</exception>
    public void Submit(Func<CancellationToken, Task> closure)
    {
        lock (gate)
        {
            if (Interlocked.Exchange(ref error, null) is { } earlier) earlier.Throw();
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
                worker ??= Task.Run(WorkAsync);
        }
        var written = closures.Writer.WriteAsync(closure);
        try
        {
            if (!written.IsCompletedSuccessfully) written.AsTask().GetAwaiter().GetResult();
        }
        catch (ChannelClosedException) { throw new StepException("a step closure was given to an engine that has been stopped"); }
    }

    /// <summary>The error that nobody has been told of, or null; it counts as told.</summary>
    public Exception? TakeError() => Interlocked.Exchange(ref error, null)?.SourceException;

    /// <summary>Takes no more, and waits for those submitted. When the token is cancelled, so is theirs, and nobody waits for them any more.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        closures.Writer.TryComplete();
        Task? running;
        lock (gate) running = worker;
        if (running is null) return;
        try { await running.WaitAsync(cancellationToken).ConfigureAwait(false); }
        catch (OperationCanceledException)
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var closure in closures.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            // After a failure the others are not run until somebody has been told of it.
            if (Volatile.Read(ref error) is not null) continue;
            try { await closure(stopping.Token).ConfigureAwait(false); }
            catch (Exception e)
            {
                Volatile.Write(ref error, ExceptionDispatchInfo.Capture(e));
                failed();
            }
        }
    }
}

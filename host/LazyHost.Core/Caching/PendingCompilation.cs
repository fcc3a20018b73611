namespace LazyHost;

/// <summary>
/// A compilation that several callers may wait for: the one that leads it, and those that came later. Whoever is cancelled leaves; when all have left, it is
/// cancelled itself. Its state is guarded by the cache's lock.
/// </summary>
internal sealed class PendingCompilation
{
    private readonly CancellationTokenSource cancel = new();
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Token => cancel.Token;

    /// <summary>What came of it, for the caller that leads.</summary>
    public CachedComputation? Result { get; set; }

    /// <summary>Why nothing came of it, for the caller that leads; the others try themselves.</summary>
    public Exception? Error { get; set; }

    /// <summary>True once the caller that leads has left: nobody takes the result from here.</summary>
    public bool IsLeaderGone { get; private set; }

    /// <summary>True once everybody has left: its result is thrown away, and its key is free for another.</summary>
    public bool IsAbandoned => Waiting == 0;

    public int Waiting { get; private set; }

    public bool IsOver => over.Task.IsCompleted;

    public void Join() => Waiting++;

    public void Leave(bool leader)
    {
        Waiting--;
        IsLeaderGone |= leader;
    }

    /// <summary>Outside the cache's lock: the backend's callbacks run in it.</summary>
    public void Cancel() => cancel.Cancel();

    /// <summary>It has ended, well or not.</summary>
    public void End() => over.TrySetResult();

    /// <summary>Waits for its end.</summary>
    /// <exception cref="OperationCanceledException">The waiter was cancelled.</exception>
    public void Wait(CancellationToken cancellationToken) => over.Task.Wait(cancellationToken);
}

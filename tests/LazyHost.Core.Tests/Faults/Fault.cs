namespace LazyHost.Tests.Faults;

/// <summary>What a backend is doing when it fails.</summary>
internal enum Stage { Query, Compile, Allocate, Upload, Execute, Download, FreeBuffer, FreeProgram, Dispose }

/// <summary>How it fails.</summary>
internal enum FaultKind
{
    /// <summary>It throws an exception of its own.</summary>
    Throw,
    /// <summary>It does its work, and throws.</summary>
    ThrowAfter,
    /// <summary>It says that memory is short.</summary>
    NoMemory,
    /// <summary>It gives up as if cancelled.</summary>
    GiveUp,
    /// <summary>It waits until it is let go on, or its token is cancelled.</summary>
    Stall,
}

/// <summary>A failure of one stage, at one of the times it is gone through.</summary>
internal sealed record Fault(Stage Stage, int Occurrence, FaultKind Kind)
{
    public static readonly Fault None = new(Stage.Dispose, int.MaxValue, FaultKind.Throw);

    private readonly TaskCompletionSource hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim release = new();
    private int seen;

    /// <summary>Completes when it happens.</summary>
    public Task Hit => hit.Task;

    /// <summary>Lets a stalled stage go on.</summary>
    public void Release() => release.Set();

    /// <summary>To be called when a stage begins. True when it is to throw after its work.</summary>
    public bool Enter(Stage stage, CancellationToken cancellationToken = default)
    {
        if (stage != Stage || Interlocked.Increment(ref seen) != Occurrence) return false;
        hit.SetResult();
        switch (Kind)
        {
            case FaultKind.Throw: throw new InvalidTimeZoneException($"lost power in {stage}");
            case FaultKind.NoMemory: throw new DeviceMemoryException($"no memory left in {stage}");
            case FaultKind.GiveUp: throw new OperationCanceledException($"gave up in {stage}");
            case FaultKind.Stall:
                release.Wait(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                return false;
            default: return true;
        }
    }

    public override string ToString() => $"{Kind} at {Stage} {Occurrence}";
}

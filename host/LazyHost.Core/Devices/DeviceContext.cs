namespace LazyHost;

/// <summary>What the executor keeps for one device: open tapes, seeds, pooled recordings.</summary>
internal sealed class DeviceContext
{
    private const int PooledRecordings = 16, PooledNodes = 1 << 16, KeptFailures = 64;
    private const ulong DefaultSeed = 101;

    private readonly Lock gate = new();
    private readonly List<Recording> all = [];
    private readonly Stack<Recording> recordings = new();
    private ulong seed = DefaultSeed, baseSeed = DefaultSeed;
    private readonly List<RunFailure> failures = [];
    private ulong ordinal;
    private int limit = 64;
    private bool hasFailures;
    private long steps, parameterSeeds;

    /// <summary>The number of steps completed or begun by MarkStep.</summary>
    public long Steps => Interlocked.Read(ref steps);

    /// <summary>The seed that was set.</summary>
    public ulong Seed
    {
        get { lock (gate) return baseSeed; }
    }

    /// <summary>The seed of the step.</summary>
    public ulong RunningSeed
    {
        get { lock (gate) return seed; }
    }

    /// <summary>A seed for the first values of the next layer that is given none.</summary>
    public ulong NextParameterSeed() => (ulong)Interlocked.Increment(ref parameterSeeds);

    /// <summary>Sets the seed of this step, from which those of later steps follow.</summary>
    public void SetSeed(ulong value)
    {
        lock (gate) (baseSeed, seed, ordinal) = (value, value, 0);
    }

    /// <summary>The seed of the step, and the ordinal of the next random operation in it.</summary>
    public (ulong Seed, ulong Ordinal) Random
    {
        get { lock (gate) return (seed, ordinal); }
    }

    /// <summary><see cref="Random"/>, taken for an operation.</summary>
    public (ulong Seed, ulong Ordinal) NextRandom()
    {
        lock (gate) return (seed, ordinal++);
    }

    /// <summary>After a discarded step that took <paramref name="draws"/> ordinals: the next one takes the same, unless another flow has drawn meanwhile.</summary>
    public void RestoreRandom((ulong Seed, ulong Ordinal) from, ulong draws)
    {
        lock (gate)
            if (seed == from.Seed && ordinal == from.Ordinal + draws) ordinal = from.Ordinal;
    }

    /// <summary>Remembers a failure until somebody has been told of it.</summary>
    public void Failed(RunFailure failure)
    {
        lock (failures)
        {
            failures.RemoveAll(f => f.IsObserved);
            if (failures.Count < KeptFailures) failures.Add(failure);
            hasFailures = true;
        }
    }

    /// <summary>True when there may be a failure that nobody has been told of.</summary>
    public bool HasFailures => Volatile.Read(ref hasFailures);

    /// <summary>The failures nobody has been told of, which now count as told.</summary>
    public List<RunFailure> TakeFailures()
    {
        List<RunFailure> untold = [];
        lock (failures)
        {
            foreach (var failure in failures)
            {
                // The first of a row tells of those that it caused.
                if (failure.IsObserved) continue;
                failure.Observe();
                untold.Add(failure);
            }
            failures.Clear();
            hasFailures = false;
        }
        return untold;
    }

    /// <summary>Begins the next step: another seed, ordinals from 0.</summary>
    public void AdvanceStep()
    {
        lock (gate) (seed, ordinal) = (1012031 + (seed * 7012063), 0);
        Interlocked.Increment(ref steps);
    }

    /// <summary>The tapes with something recorded.</summary>
    public List<Tape> OpenTapes()
    {
        var open = new List<Tape>();
        lock (gate)
            foreach (var recording in all)
                if (recording.Owner.TryGetTarget(out var tape) && tape.Open is not null) open.Add(tape);
        return open;
    }

    public Recording RentRecording(Tape? owner)
    {
        Recording? recording;
        List<Recording>? dropped = null;
        lock (gate)
        {
            if (!recordings.TryPop(out recording))
            {
                // Once in a while: flows that were dropped in the middle of a segment have left theirs behind.
                if (all.Count >= limit)
                {
                    dropped = all.FindAll(static r => r.IsTaped && !r.Owner.TryGetTarget(out _));
                    all.RemoveAll(static r => r.IsTaped && !r.Owner.TryGetTarget(out _));
                    limit = Math.Max(64, all.Count * 2);
                }
                all.Add(recording = new());
            }
            recording.IsTaped = owner is not null;
            if (owner is not null) recording.Owner.SetTarget(owner);
        }
        if (dropped is not null)
            foreach (var old in dropped) old.Release();
        return recording;
    }

    public void Return(Recording recording)
    {
        recording.Clear();
        recording.IsTaped = false;
        lock (gate)
        {
            // Of those that only a raised limit makes possible, one.
            if (recordings.Count < PooledRecordings && (recording.Nodes.Length <= PooledNodes || recordings.All(static r => r.Nodes.Length <= PooledNodes))) recordings.Push(recording);
            else all.Remove(recording);
        }
    }
}

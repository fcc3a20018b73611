namespace LazyHost;

/// <summary>What the executor keeps for one device: open tapes, seeds, pooled recordings.</summary>
internal sealed class DeviceContext
{
    /// <summary>Failures that nobody has been told of and that are remembered.</summary>
    public const int KeptFailures = 64;

    private const int PooledRecordings = 16, PooledNodes = 1 << 16;
    private const ulong DefaultSeed = 101;

    private readonly Lock gate = new();
    private readonly List<WeakReference<Recording>> all = []; // a flow that was dropped in the middle of a segment takes its recording with it
    private readonly Stack<Recording> recordings = new();
    private readonly WeakReference<Recording?> large = new(null); // hundreds of megabytes: for as long as nobody needs the memory
    private ulong seed = DefaultSeed, baseSeed = DefaultSeed;
    private readonly List<RunFailure> failures = [];
    private ulong ordinal;
    private int limit = 64;
    private bool hasFailures, lostFailures;
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

    /// <summary><see cref="Random"/>, taken for several operations.</summary>
    public (ulong Seed, ulong Ordinal) NextRandom(ulong count)
    {
        lock (gate)
        {
            var first = ordinal;
            ordinal += count;
            return (seed, first);
        }
    }

    /// <summary>After a discarded step that took <paramref name="draws"/> ordinals: the next one takes the same, unless another flow has drawn meanwhile.</summary>
    public void RestoreRandom((ulong Seed, ulong Ordinal) from, ulong draws)
    {
        lock (gate)
            if (seed == from.Seed && ordinal == from.Ordinal + draws) ordinal = from.Ordinal;
    }

    /// <summary>Remembers a failure until somebody has been told of it. False the first time that too many wait for that already, and it is not remembered.</summary>
    public bool Failed(RunFailure failure)
    {
        lock (failures)
        {
            failures.RemoveAll(f => f.IsObserved);
            hasFailures = true;
            if (failures.Count < KeptFailures)
            {
                failures.Add(failure);
                return true;
            }
            (var wereLost, lostFailures) = (lostFailures, true);
            return wereLost;
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
            foreach (var weak in all)
                if (weak.TryGetTarget(out var recording) && recording.Owner is { Open: not null } tape) open.Add(tape);
        return open;
    }

    public Recording RentRecording(Tape? owner)
    {
        lock (gate)
        {
            // Whoever has recorded a long segment is likely to record another.
            if (large.TryGetTarget(out var recording)) large.SetTarget(null);
            else if (!recordings.TryPop(out recording))
            {
                if (all.Count >= limit)
                {
                    all.RemoveAll(static weak => !weak.TryGetTarget(out _));
                    limit = Math.Max(64, all.Count * 2);
                }
                all.Add((recording = new()).Self);
            }
            recording.Owner = owner;
            return recording;
        }
    }

    public void Return(Recording recording)
    {
        recording.Clear();
        lock (gate)
        {
            if (recording.Nodes.Length > PooledNodes) large.SetTarget(recording);
            else if (recordings.Count < PooledRecordings) recordings.Push(recording);
            else all.Remove(recording.Self);
        }
    }
}

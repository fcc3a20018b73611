namespace LazyHost;

/// <summary>What the executor keeps for one device: open tapes, seeds, pooled recordings.</summary>
internal sealed class DeviceContext
{
    private const int PooledRecordings = 16, PooledNodes = 1 << 16;
    private const ulong DefaultSeed = 101;

    private readonly Lock gate = new();
    private readonly List<WeakReference<Tape>> owners = [];
    private readonly Stack<Recording> recordings = new();
    private ulong seed = DefaultSeed, baseSeed = DefaultSeed;
    private ulong ordinal;
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

    public void SetSeed(ulong value)
    {
        lock (gate) (baseSeed, seed, ordinal) = (value, value, 0);
    }

    /// <summary>The seed of the step, and the ordinal of the next random operation in it.</summary>
    public (ulong Seed, ulong Ordinal) NextRandom()
    {
        lock (gate) return (seed, ordinal++);
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
            foreach (var owner in owners)
                if (owner.TryGetTarget(out var tape) && tape.Open is not null) open.Add(tape);
        return open;
    }

    public Recording RentRecording(Tape? owner)
    {
        Recording? recording;
        lock (gate)
        {
            if (!recordings.TryPop(out recording))
            {
                // Those of dropped recordings have no target either and never will.
                if (owners.Count >= 64 && owners.Count == owners.Capacity) owners.RemoveAll(o => !o.TryGetTarget(out _) && !recordings.Any(r => r.Owner == o));
                recording = new();
                owners.Add(recording.Owner);
            }
        }
        if (owner is not null) recording.Owner.SetTarget(owner);
        return recording;
    }

    public void Return(Recording recording)
    {
        recording.Clear();
        if (recording.Nodes.Length > PooledNodes) return;
        lock (gate)
            if (recordings.Count < PooledRecordings) recordings.Push(recording);
    }
}

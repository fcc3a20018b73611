namespace LazyHost;

/// <summary>
/// A source of random numbers apart from those of the devices: every operation that is given it draws with its seed and the next ordinal, whatever step, device
/// or backend it runs on. Generators of one seed give the same numbers, and a new seed never compiles anew. What a step drew that failed or was discarded is drawn
/// again, unless others have drawn after it. Safe for concurrent use.
/// </summary>
public sealed class Generator : IUndone
{
    private readonly Lock gate = new();
    private readonly HashSet<ulong> undone = [];
    private ulong seed, draws;
    private int seeded;

    /// <summary>Makes a generator.</summary>
    public Generator(ulong seed) => this.seed = seed;

    /// <summary>The seed.</summary>
    public ulong Seed
    {
        get { lock (gate) return seed; }
    }

    /// <summary>The number of operations that have drawn since the seed was set: the ordinal of the next one.</summary>
    public ulong Draws
    {
        get { lock (gate) return draws; }
    }

    /// <summary>Begins the numbers of a seed.</summary>
    public void SetSeed(ulong value)
    {
        lock (gate)
        {
            (seed, draws) = (value, 0);
            seeded++;
            undone.Clear();
        }
    }

    /// <summary>The seed, and the ordinal of one operation, which is about to be recorded on a tape.</summary>
    internal (ulong Seed, ulong Ordinal) Next(Tape tape)
    {
        var (from, ordinal, since) = Take();
        tape.Changed(this, since, ordinal, ordinal + 1);
        return (from, ordinal);
    }

    /// <summary>The same for a run of a captured function.</summary>
    internal (ulong Seed, ulong Ordinal) Next(UndoLog changes)
    {
        var (from, ordinal, since) = Take();
        changes.Add(this, since, ordinal, ordinal + 1);
        return (from, ordinal);
    }

    /// <summary>Steps fail in the order they ran: an earlier one's draws are put back when those of the later ones are.</summary>
    void IUndone.Undo(int epoch, ulong from, ulong to)
    {
        lock (gate)
        {
            if (epoch != seeded) return;
            for (; from < to; from++) undone.Add(from);
            while (undone.Remove(draws - 1)) draws--;
        }
    }

    private (ulong Seed, ulong Ordinal, int Since) Take()
    {
        lock (gate) return (seed, draws++, seeded);
    }

    /// <inheritdoc/>
    public override string ToString() => $"seed {Seed}, {Draws} draws";
}

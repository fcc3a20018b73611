namespace LazyHost;

/// <summary>
/// A source of random numbers apart from those of the devices: every operation that is given it draws with its seed and the next ordinal, whatever step, device
/// or backend it runs on. Generators of one seed give the same numbers, and a new seed never compiles anew. What a step drew that failed or was discarded is drawn
/// again, unless others have drawn after it. Safe for concurrent use.
/// </summary>
public sealed class Generator
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
        ulong from, ordinal;
        int since;
        lock (gate) (from, ordinal, since) = (seed, draws++, seeded);
        tape.OnUndo(() => PutBack(ordinal, since));
        return (from, ordinal);
    }

    /// <summary>Steps fail in the order they ran: an earlier one's draws are put back when those of the later ones are.</summary>
    private void PutBack(ulong ordinal, int since)
    {
        lock (gate)
        {
            if (since != seeded) return;
            undone.Add(ordinal);
            while (undone.Remove(draws - 1)) draws--;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"seed {Seed}, {Draws} draws";
}

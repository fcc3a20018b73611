namespace LazyHost;

/// <summary>What has changed on the host, in order, to be undone with a segment or a step. As long as nothing comes between them, changes of one owner are one entry.</summary>
internal sealed class UndoLog
{
    /// <summary>Beyond this, which takes flows that draw in turns from one generator and never end their steps, the earliest changes stay.</summary>
    private const int Limit = 1000;

    private readonly List<(IUndone Owner, int Epoch, ulong From, ulong To)> entries = [];

    public bool IsEmpty => entries.Count == 0;

    /// <summary>Remembers changes, which the owner numbers.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="epoch">The owner's own: where another has begun, those of earlier ones are not undone.</param>
    /// <param name="from">The first.</param>
    /// <param name="to">The one behind the last.</param>
    public void Add(IUndone owner, int epoch, ulong from, ulong to)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
            if (entries[i].Owner == owner)
            {
                if (entries[i].Epoch != epoch || entries[i].To != from) break;
                entries[i] = (owner, epoch, entries[i].From, to);
                return;
            }
        if (entries.Count == Limit) entries.RemoveAt(0);
        entries.Add((owner, epoch, from, to));
    }

    public void Add(UndoLog others)
    {
        foreach (var (owner, epoch, from, to) in others.entries) Add(owner, epoch, from, to);
    }

    /// <summary>Undoes them, the last first.</summary>
    public void Undo()
    {
        for (var i = entries.Count - 1; i >= 0; i--) entries[i].Owner.Undo(entries[i].Epoch, entries[i].From, entries[i].To);
        entries.Clear();
    }

    public void Clear() => entries.Clear();
}

namespace LazyHost;

/// <summary>
/// The logical flow of a method: its tapes, one a device. It follows the method through every await, whichever thread continues. A flow lasts from its first
/// record to the next boundary; what starts in between inherits it (start concurrent work after a boundary, or with <see cref="Device.Fork"/>).
/// </summary>
internal sealed class Flow
{
    private Tape?[] tapes = new Tape?[1];

    public Tape On(Device device)
    {
        var index = device.Index;
        if (index < tapes.Length && tapes[index] is { } tape) return tape;
        lock (this)
        {
            if (index >= tapes.Length) Array.Resize(ref tapes, index + 1);
            return tapes[index] ??= new Tape(device);
        }
    }

    /// <summary>True while some tape has something recorded or belongs to a step.</summary>
    public bool IsBusy
    {
        get
        {
            foreach (var tape in tapes)
                if (tape is { Open: not null } or { Scope: not null }) return true;
            return false;
        }
    }
}

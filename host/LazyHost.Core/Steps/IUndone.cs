namespace LazyHost;

/// <summary>State of the host's own that goes back with the step that changed it: a generator's draws, the steps of an optimizer.</summary>
internal interface IUndone
{
    /// <summary>Takes back changes, of one epoch, from one up to another. Called by any thread; must not throw.</summary>
    void Undo(int epoch, ulong from, ulong to);
}

namespace LazyHost;

/// <summary>
/// What one flow has written on one device since the last boundary. It holds the values its variables had before, so that they are put back together when a
/// run of it fails, in whichever of its segments.
/// </summary>
internal sealed class Step(Device device)
{
    private List<VariableUpdate>? before;
    private UndoLog? changes;
    private int outstanding, letGo;

    /// <summary>Its number, for messages.</summary>
    public long Number { get; } = device.Context.Steps;

    /// <summary>True once its boundary has been passed.</summary>
    public bool Ended { get; private set; }

    /// <summary>True once a run of it has failed, or it was discarded, and its variables have been put back.</summary>
    public bool Failed { get; private set; }

    /// <summary>Why a run of it failed, the first that did, or null.</summary>
    public RunFailure? Failure { get; private set; }

    /// <summary>True when there is something to put back.</summary>
    public bool HasWritten
    {
        get { lock (this) return before is { Count: > 0 } || changes is not null; }
    }

    /// <summary>Takes a run that is about to be committed, with the variables it writes, and what the host changed with it.</summary>
    public void Add(Async run, UndoLog? with = null)
    {
        lock (this)
        {
            outstanding++;
            if (with is { IsEmpty: false }) (changes ??= new()).Add(with);
            foreach (var update in run.Variables)
            {
                // What the step itself computed is not worth going back to.
                if (update.OldData.Step == this) continue;
                update.OldData.Hold();
                (before ??= []).Add(update);
            }
        }
    }

    /// <summary>Takes what the host changed without a run.</summary>
    public void Add(UndoLog with)
    {
        if (with.IsEmpty) return;
        lock (this)
            if (!Failed)
            {
                (changes ??= new()).Add(with);
                return;
            }
        with.Undo();
    }

    /// <summary>A run of it is over.</summary>
    public void RunEnded(RunFailure? failure)
    {
        lock (this)
        {
            outstanding--;
            Failure ??= failure;
            Failed |= failure is not null;
        }
        if (Failed) PutBack();
        Settle();
    }

    /// <summary>Its boundary has been passed; it is over when its runs are.</summary>
    public void End()
    {
        lock (this) Ended = true;
        Settle();
    }

    /// <summary>It is thrown away, after its runs are over.</summary>
    public void Discard()
    {
        lock (this) Failed = true;
        PutBack();
        Settle();
    }

    /// <summary>Gives every variable that still has a value of this step the value it had before, and undoes the rest.</summary>
    private void PutBack()
    {
        VariableUpdate[] all;
        UndoLog? undo;
        lock (this) (all, undo, changes) = ([.. before ?? []], changes, null);
        foreach (var (variable, old) in all) 
        {
            variable.PutBack(this, LastGood(variable, old));
            Tensor.DataOf(old)!.LoseDonated($"step {Number} failed after a captured function had updated its variable in place");
        }
        undo?.Undo();
    }

    /// <summary>A value a variable had, or where its step failed, the last one of a step that did not.</summary>
    public static TensorSource LastGood(Tensor variable, TensorSource value)
    {
        while (Tensor.DataOf(value)?.Step is { Failed: true } failed && failed.Before(variable) is { } earlier) value = earlier;
        return value;
    }

    private TensorSource? Before(Tensor variable)
    {
        lock (this)
            foreach (var update in before ?? [])
                if (update.Variable == variable) return update.Old;
        return null;
    }

    /// <summary>Lets go of the earlier values once the step is over: once it has failed, they are its variables' values again.</summary>
    private void Settle()
    {
        List<VariableUpdate>? all;
        int from, to;
        lock (this)
        {
            if (outstanding > 0 || !(Ended || Failed)) return;
            changes = null;
            if (before is null || letGo == before.Count) return;
            (all, from, to) = (before, letGo, before.Count);
            letGo = to;
            if (!Failed) (letGo, before) = (0, null);
        }
        for (var i = from; i < to; i++) all[i].OldData.Unhold(Failed);
    }
}

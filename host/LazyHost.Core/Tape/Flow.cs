namespace LazyHost;

/// <summary>
/// The logical flow of a method: its tapes, one a device, and the settings of the scopes it is in. It follows the method through every await, whichever thread
/// continues. A flow lasts from its first record to the next boundary; what starts in between inherits it (start concurrent work after a boundary, or with
/// <see cref="Device.Fork"/>).
/// </summary>
internal sealed class Flow
{
    private Tape?[] tapes = new Tape?[1];
    private volatile bool released;

    /// <summary>The mode of the scope it is in, or null for the device's.</summary>
    public ExecutionMode? Mode { get; set; }

    /// <summary>What a read of a pending value does in the scope it is in.</summary>
    public SyncPolicy Policy { get; set; }

    /// <summary>The limits of compilations of the scopes it is in, or null.</summary>
    public CompileLimitScope? Limits { get; set; }

    /// <summary>The named scope it is in, or null where it has been in none.</summary>
    public IrScope? Scope { get; set; }

    /// <summary>True inside a compiled region, where nothing may end the segment.</summary>
    public bool InRegion { get; set; }

    /// <summary>The capture of a function that it records, or null.</summary>
    public Capture? Capture { get; set; }

    /// <summary>True once a boundary has been passed: the next record begins another flow.</summary>
    public bool IsOver => released && !IsBusy;

    public Tape On(Device device)
    {
        var index = device.Index;
        if (index < tapes.Length && tapes[index] is { } tape) return tape;
        lock (this)
        {
            if (index >= tapes.Length) Array.Resize(ref tapes, index + 1);
            return tapes[index] ??= new Tape(device, this);
        }
    }

    /// <summary>At a boundary: what starts after it gets flows of its own.</summary>
    public void Release()
    {
        if (!IsBusy) released = true;
    }

    /// <summary>The tape on a device, where it has begun one.</summary>
    public Tape? Current(Device device) => device.Index < tapes.Length ? tapes[device.Index] : null;

    /// <summary>Another flow with the same settings.</summary>
    public Flow Fork() => new() { Mode = Mode, Policy = Policy, Limits = Limits, Scope = Scope };

    /// <summary>The flow after this one: the same settings, and steps that have not ended go on.</summary>
    public Flow Next()
    {
        var next = new Flow { Mode = Mode, Policy = Policy, Limits = Limits, Scope = Scope, InRegion = InRegion };
        foreach (var tape in tapes)
            if (tape is not null && (tape.Step is { Ended: false, HasWritten: true } || tape.Closures is not null)) (next.On(tape.Device).Step, next.On(tape.Device).Closures) = (tape.Step, tape.Closures);
        return next;
    }

    /// <summary>True in a compiled region, and while some tape has something recorded or belongs to a step scope.</summary>
    private bool IsBusy
    {
        get
        {
            if (InRegion) return true;
            foreach (var tape in tapes)
                if (tape is { Open: not null } or { Scope: not null }) return true;
            return false;
        }
    }
}

namespace LazyHost.Tests.Properties;

/// <summary>A value that was recorded or computed: what it needs to be computed again, and whether that is still there.</summary>
internal sealed class LiveValue
{
    /// <summary>Overwritten so often, a value is no more.</summary>
    private const int Enough = 2;

    /// <summary>The flow whose open segment it is recorded in, or null.</summary>
    public LiveFlow? In { get; set; }

    /// <summary>The step scope it was recorded in, or null.</summary>
    public LiveScope? Scope { get; init; }

    /// <summary>The computed values it is computed from.</summary>
    public HashSet<LiveValue> Inputs { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>All values it follows from.</summary>
    public HashSet<LiveValue> History { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>For the node of a view, the value in its segment that it shows elements of.</summary>
    public LiveValue? Shows { get; init; }

    /// <summary>The tensor that a write made stand for it.</summary>
    public LiveTensor? Handle { get; set; }

    public bool IsUsers { get; set; }

    public bool IsConsumed { get; set; }

    /// <summary>The tensors it was asked for through.</summary>
    public HashSet<LiveTensor> AskedBy { get; } = new(ReferenceEqualityComparer.Instance);

    public bool IsComputed { get; set; }

    /// <summary>True for one that was computed again, which nothing takes away.</summary>
    public bool IsForGood { get; set; }

    /// <summary>How often a variable that held it has been overwritten since.</summary>
    public int Strikes { get; set; }

    public bool IsScopeOver { get; set; }

    /// <summary>True for one that was not computed from others.</summary>
    public bool IsGiven { get; init; }

    /// <summary>True for the node that stands for a value computed before.</summary>
    public bool IsInput { get; init; }

    /// <summary>True where neither it, nor what it could be computed again from, may be there any more.</summary>
    public bool MayBeGone => In is null && !IsForGood && (IsScopeOver || ((!IsComputed || Strikes >= Enough) && (IsGiven || (IsComputed && Scope is not null) || Inputs.Any(i => i.HasLostData))));

    private bool HasLostData => !IsForGood && (IsScopeOver || Strikes >= Enough);

    public static LiveValue Given() => new() { IsComputed = true, IsGiven = true };

    public void Follows(LiveValue operand, bool consumes)
    {
        History.UnionWith(operand.History);
        History.Add(operand);
        if (operand.In is null) Inputs.Add(operand);
        else
        {
            Inputs.UnionWith(operand.Inputs);
            operand.IsConsumed |= consumes;
        }
    }
}

/// <summary>A tensor, and where its value is.</summary>
internal sealed class LiveTensor
{
    private LiveValue value;

    public LiveTensor(LiveValue value)
    {
        this.value = value;
        Versions.Add(value);
        if (value.In is not null) value.Handle = this;
    }

    public LiveValue Value
    {
        get => value;
        set
        {
            this.value = value;
            Versions.Add(value);
        }
    }

    /// <summary>Every value it ever had.</summary>
    public HashSet<LiveValue> Versions { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The values it had at the ends of segments that wrote it.</summary>
    public List<LiveValue> Past { get; } = [];

    /// <summary>What it is a view of, or null.</summary>
    public LiveTensor? Parent { get; init; }

    public LiveTensor Base => Parent is null ? this : Parent.Base;

    public bool IsParameter { get; init; }

    /// <summary>How often it was written.</summary>
    public int Writes { get; set; }

    /// <summary>For a view, how often its base had been written when it was made.</summary>
    public int Seen { get; set; }

    public bool IsStale => Seen != Base.Writes || (value.In is null && (!value.IsComputed || value.MayBeGone));

    public bool MayBeGone => Parent is not null && IsStale ? Parent.MayBeGone : value.MayBeGone;
}

/// <summary>A flow: what is recorded in its open segment, and the variables written in it with their values before.</summary>
internal sealed class LiveFlow
{
    public List<LiveValue> Open { get; } = [];

    public List<(LiveTensor Tensor, LiveValue Old)> Written { get; } = [];

    public LiveScope? Scope { get; set; }
}

/// <summary>A step scope.</summary>
internal sealed class LiveScope
{
    public Dictionary<LiveTensor, LiveValue> Before { get; } = new(ReferenceEqualityComparer.Instance);

    public HashSet<LiveTensor> Written { get; } = new(ReferenceEqualityComparer.Instance);

    public HashSet<LiveTensor> Kept { get; } = new(ReferenceEqualityComparer.Instance);

    public List<LiveValue> Made { get; } = [];

    /// <summary>What its variables had before is given back at once.</summary>
    public void Complete()
    {
        foreach (var tensor in Written)
            foreach (var past in tensor.Past) past.Strikes += 2;
    }

    /// <summary>Its variables are put back; what it made is no more.</summary>
    public void Discard()
    {
        foreach (var (tensor, before) in Before)
        {
            tensor.Value = before;
            tensor.Past.RemoveAll(p => p == before || p.Scope == this);
            tensor.Writes++;
        }
        foreach (var value in Made) value.IsScopeOver = true;
    }
}

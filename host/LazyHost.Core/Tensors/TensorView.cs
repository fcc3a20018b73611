using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A tensor that shows elements of another. Its node is the operator that made it, applied to the other's value; when the other has been written since, the
/// operator is recorded again on the new value. A write to it becomes a write to what it is a view of.
/// </summary>
internal sealed class TensorView : Tensor
{
    private readonly Tensor parent;
    private readonly OperatorForm form;
    private readonly Attributes attributes;
    private readonly CallSite? site;
    private readonly bool tracksGradients;
    private Lock? freshening; // most views are never made anew
    private int seen;

    public TensorView(Tensor parent, OperatorForm form, Attributes attributes, CallSite? site, TensorType type, Segment segment, Value value)
        : this(parent, form, attributes, site, GradMode.IsEnabled, type, segment, value) { }

    private TensorView(Tensor parent, OperatorForm form, Attributes attributes, CallSite? site, bool tracksGradients, TensorType type, Segment segment, Value value) : base(type, segment, value)
    {
        (this.parent, this.form, this.attributes, this.site, this.tracksGradients) = (parent, form, attributes, site, tracksGradients);
        Base = parent.Root;
        seen = Base.Version;
    }

    /// <summary>The tensor at the beginning of the chain of views, which is none itself.</summary>
    public Tensor Base { get; }

    /// <summary>What it is a view of.</summary>
    public Tensor Parent => parent;

    /// <summary>True where gradients will flow through it once it is made again.</summary>
    public bool FlowsThrough => tracksGradients && form.IsDifferentiable && DType.IsFloat() && parent.Flows;

    /// <summary>Such a view of another tensor, as a node that is recorded already.</summary>
    public TensorView Of(Tensor other, Segment segment, Value value) => new(other, form, attributes, site, tracksGradients, Type, segment, value);

    /// <summary>Makes sure that its node, or value, shows what its base holds now.</summary>
    public void Freshen()
    {
        if (!IsStale) return;
        var chain = new Stack<TensorView>();
        for (Tensor at = this; at is TensorView view && view.IsStale; at = view.parent) chain.Push(view);
        while (chain.TryPop(out var view)) view.RecordAgain();
    }

    /// <summary>Records it, and what it is a view of, in the function that is captured; made again outside when that is over.</summary>
    public void RecordIn(Capture capture, Tape tape)
    {
        if (parent is TensorView view && !view.IsPendingIn(tape.Current)) view.RecordIn(capture, tape);
        capture.Views.Add(this);
        MakeStale();
        RecordAgain();
    }

    /// <summary>It is made again when it is next used.</summary>
    public void MakeStale() => seen = -1;

    /// <summary>Writes a value of this view's type to its base.</summary>
    /// <exception cref="InvalidAttributeException">Several elements of it, or of a view between it and its base, are one element of the base.</exception>
    public void WriteThrough(Tensor value, string? file, int line)
    {
        for (var view = this; ; view = (TensorView)view.parent)
        {
            value = view.RecordWriteThrough(value, file, line);
            if (view.parent == Base) break;
        }
        Base.Assign(value, file, line);
    }

    /// <summary>What it is a view of and how, where it must be made again from there; null where its own node or value shows what it should.</summary>
    public (Tensor Parent, OperatorForm Form, Attributes Attributes)? Stale => IsStale ? (parent, form, attributes) : null;

    private Tensor RecordWriteThrough(Tensor value, string? file, int line)
    {
        var at = SourceFrames.Site(file, line);
        return RecordWith(parent.Device, [parent, value], at, (builder, operands) => form.WriteThrough(builder, operands[0], operands[1], attributes)
            ?? throw new InvalidAttributeException($"a write to a view {Type} made by {form.Name}: several of its elements are one element of {parent.Type}; write to a Clone() of it").At(form.Name, at));
    }

    /// <summary>True where its base was written since, or where it was no root of its segment or its value is no more, so that it is made again from its base rather
    /// than computed again.</summary>
    internal bool IsStale
    {
        get
        {
            if (seen != Base.Version) return true;
            var (data, segment, value) = Where();
            if (segment is { State: SegmentState.Open or SegmentState.Closing }) return false;
            return (data ?? segment!.Results?.Find(value)) is null or { IsExpired: true };
        }
    }

    private void RecordAgain()
    {
        // Reads of one view by several flows: one makes it anew.
        using var one = LazyInitializer.EnsureInitialized(ref freshening, static () => new()).EnterScope();
        if (!IsStale) return;
        var version = Base.Version;
        // Gradients flow as where it was made, not as where it happens to be used next.
        using var mode = GradMode.Use(tracksGradients);
        var made = ViewNode(parent, form, attributes, site?.File, site?.Line ?? 0);
        lock (this) Redirect(made.Segment, made.Value);
        RequiresGrad = made.RequiresGrad;
        seen = version;
    }
}

using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A tensor: a handle on a value that is recorded, being computed, or computed. Operations record; reading, <see cref="Device.MarkStep"/> and step scopes run.
/// Not disposed of: the executor owns buffers. One tensor may be used by many threads; writing one while others use it is the program's race.
/// </summary>
public partial class Tensor
{
    // 48 bytes: one is made for every operation.
    private TensorSource source;
    private int node;
    private int version;
    private byte output;
    private TensorFlags flags;

    internal Tensor(TensorType type, DeviceData data) => (Shape, DType, source) = (type.Shape, type.DType, data);

    internal Tensor(TensorType type, Segment segment, Value value)
    {
        (Shape, DType, source) = (type.Shape, type.DType, segment);
        PendingValue = value;
    }

    /// <summary>The device it lives on.</summary>
    public Device Device => source.Device;

    /// <summary>Its element type and shape.</summary>
    public TensorType Type => new(DType, Shape);

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Its element type.</summary>
    public DType DType { get; }

    /// <summary>True when gradients flow to or through it.</summary>
    public bool RequiresGrad
    {
        get => (flags & TensorFlags.RequiresGrad) != 0;
        internal set => flags = value ? flags | TensorFlags.RequiresGrad : flags & ~TensorFlags.RequiresGrad;
    }

    /// <summary>True when it has a value or a run will give it one; false while it is only recorded.</summary>
    public bool IsSubmitted => this is not TensorView { IsStale: true } && Submitted is not null;

    /// <summary>True when both show elements of one tensor, so that writing one in place may change the other: views, and what they are views of.</summary>
    public bool IsAliasOf(Tensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Root == other.Root;
    }

    /// <summary>Makes sure that the value is computed with its segment and outlives its step. Of a view, what it is a view of is kept too.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ExpiredValueException">Its step is over and it can no longer be computed.</exception>
    public Tensor Keep()
    {
        if (Device.Engine.CurrentFlow is { Capture: { IsPure: true } capture } flow && !IsPendingIn(flow.On(Device).Current)) capture.RequireMayChange($"keeps {Type}, which is not its own", null, 0);
        if (this is TensorView { Root: var root } view)
        {
            view.Freshen();
            root.Keep();
        }
        var (present, pendingIn, pending) = Where();
        if (present is null)
        {
            var asked = false;
            lock (pendingIn!.Tape)
                if (pendingIn.Recording is { } recording && pendingIn.State == SegmentState.Open)
                {
                    recording.Ask(pending, this);
                    asked = true;
                }
            if (!asked) Device.Engine.Executor.Resolve(this, CancellationToken.None);
        }
        Device.Engine.CurrentTape(Device)?.Scope?.Keep(this);
        return this;
    }

    /// <summary>Text such as <c>f32[2, 3] on simd:0</c>; never computes anything.</summary>
    public override string ToString() => $"{Type} on {Device.Id}";

    /// <summary>The tensor whose elements it shows: itself, unless it is a view.</summary>
    internal Tensor Root => this is TensorView view ? view.Base : this;

    /// <summary>The number of times it was written in place, by which views of it know that they are stale.</summary>
    internal int Version => Volatile.Read(ref version);

    /// <summary>Where the value is: computed, or a node of a segment.</summary>
    internal (DeviceData? Data, Segment? Segment, Value Value) Where()
    {
        if (this is TensorView)
            lock (this) return Now(); // another flow may make it anew
        return Now();
    }

    private (DeviceData? Data, Segment? Segment, Value Value) Now()
    {
        var from = Volatile.Read(ref source);
        return from is Segment pending ? (null, pending, PendingValue) : (DataOf(from), null, default);
    }

    /// <summary>The value, where it has one or a run will give it one.</summary>
    internal DeviceData? Submitted
    {
        get
        {
            var (data, segment, value) = Where();
            return data ?? segment!.Results?.Find(value);
        }
    }

    /// <summary>The value of a source, or null while it is only a node.</summary>
    internal static DeviceData? DataOf(TensorSource source) => source as DeviceData ?? (source as Computed)?.Data;

    internal bool IsPendingIn(Segment open) => Volatile.Read(ref source) == open;

    internal Value PendingValue
    {
        get => new(node, output);
        private set => (node, output) = (value.Node, (byte)value.Output);
    }

    /// <summary>Takes a computed value, where the tensor still stands for that node.</summary>
    internal void Adopt(Segment from, Value at, DeviceData computed)
    {
        if (source == from && PendingValue == at) Interlocked.CompareExchange(ref source, WithHistory(from, computed), from);
    }

    /// <summary>Points the tensor to another node: an in-place write. Returns what it was.</summary>
    internal TensorSource Redirect(Segment open, Value to)
    {
        var old = source;
        PendingValue = to;
        Volatile.Write(ref source, open);
        version++;
        return old;
    }

    /// <summary>After an in-place write: whether gradients flow through what it is now.</summary>
    internal void Written(bool requiresGrad)
    {
        if (this is not Parameter) flags = (flags & TensorFlags.Dynamic) | (requiresGrad ? TensorFlags.RequiresGrad : TensorFlags.None);
    }

    /// <summary>Undoes in-place writes of a discarded segment.</summary>
    internal void Restore(Segment discarded, TensorSource old)
    {
        if (source == discarded) Reset(old);
    }

    /// <summary>Gives it an earlier value where it still has one of a step, and was not written since.</summary>
    internal void PutBack(Step step, TensorSource earlier)
    {
        var now = Volatile.Read(ref source);
        if (DataOf(now)?.Step == step && Interlocked.CompareExchange(ref source, earlier, now) == now) Put(earlier);
    }

    /// <summary>Gives it a value outside any segment; views of it take theirs from there.</summary>
    internal void Reset(TensorSource to)
    {
        Volatile.Write(ref source, to);
        Put(to);
    }

    /// <summary>Its value was written over where it is: views of it are stale.</summary>
    internal void Rewritten() => version++;

    /// <summary>After it was given an earlier value: gradients flow as they did through that.</summary>
    private void Put(TensorSource earlier)
    {
        if (this is not Parameter) flags = (flags & TensorFlags.Dynamic) | (earlier is Computed ? TensorFlags.RequiresGrad : TensorFlags.None);
        version++;
    }

    /// <summary>What gradients see of it when it is used as an input: itself for a parameter, the node that computed it, or null where none flow.</summary>
    internal object? Origin => !RequiresGrad ? null : this is Parameter ? this : source as Computed;

    /// <summary>True where gradients flow to or through what it is now: not any more where a closed segment's history was let go of.</summary>
    internal bool Flows => this is TensorView { IsStale: true } view ? view.FlowsThrough : Volatile.Read(ref source) is Segment ? RequiresGrad : Origin is not null;

    private TensorSource WithHistory(Segment from, DeviceData computed) =>
        (flags & ~TensorFlags.Dynamic) == TensorFlags.RequiresGrad && this is not Parameter ? new Computed(computed, from, PendingValue) : computed;

    /// <summary>Lets go of what it was computed from, as far as gradients go: held losses must not hold their steps.</summary>
    private void ReleaseHistory()
    {
        flags |= TensorFlags.HistoryReleased;
        if (source is Computed computed) Interlocked.CompareExchange(ref source, computed.Data, computed);
    }
}

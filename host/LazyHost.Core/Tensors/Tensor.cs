using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A tensor: a handle on a value that is recorded, being computed, or computed. Operations record; reading, <see cref="Device.MarkStep"/> and step scopes run.
/// Not disposed of: the executor owns buffers. One tensor may be used by many threads; writing one while others use it is the program's race.
/// </summary>
public partial class Tensor
{
    // 56 bytes: one is made for every operation.
    private DeviceData? data;
    private Segment? segment;
    private int node;
    private byte output;
    private bool historyReleased;

    internal Tensor(Device device, TensorType type, DeviceData data) => (Device, Shape, DType, this.data) = (device, type.Shape, type.DType, data);

    internal Tensor(Device device, TensorType type, Segment segment, Value value)
    {
        (Device, Shape, DType, this.segment) = (device, type.Shape, type.DType, segment);
        PendingValue = value;
    }

    /// <summary>The device it lives on.</summary>
    public Device Device { get; }

    /// <summary>Its element type and shape.</summary>
    public TensorType Type => new(DType, Shape);

    /// <summary>Its shape.</summary>
    public Shape Shape { get; }

    /// <summary>Its element type.</summary>
    public DType DType { get; }

    /// <summary>True when gradients flow to or through it.</summary>
    public bool RequiresGrad { get; internal set; }

    /// <summary>True when it has a value or a run will give it one; false while it is only recorded.</summary>
    public bool IsSubmitted => Volatile.Read(ref data) is not null;

    /// <summary>Makes sure that the value is computed with its segment and outlives its step.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Keep()
    {
        var tape = Device.Engine.CurrentTape(Device);
        var (present, pendingIn, pending) = Where();
        if (present is null && pendingIn!.State == SegmentState.Open)
            lock (pendingIn.Tape.Gate)
                if (pendingIn.Recording is { } recording) recording.Nodes[pending.Node].Flags |= NodeFlags.Asked;
        tape?.Scope?.Keep(this);
        return this;
    }

    /// <summary>Text such as <c>f32[2, 3] on simd:0</c>; never computes anything.</summary>
    public override string ToString() => $"{Type} on {Device.Id}";

    /// <summary>Where the value is: computed, or a node of a segment.</summary>
    internal (DeviceData? Data, Segment? Segment, Value Value) Where()
    {
        while (true)
        {
            if (Volatile.Read(ref data) is { } present) return (present, null, default);
            if (Volatile.Read(ref segment) is { } pending) return (null, pending, PendingValue);
        }
    }

    /// <summary>Where it was computed, as far as gradients need to know; null for a leaf.</summary>
    internal (Segment Segment, Value Value)? History => RequiresGrad && !historyReleased && this is not Parameter && segment is { } s ? (s, PendingValue) : null;

    /// <summary>Lets go of what it was computed from, as far as gradients go: held losses must not hold their steps.</summary>
    private void ReleaseHistory()
    {
        historyReleased = true;
        if (Volatile.Read(ref data) is not null) segment = null;
    }

    internal bool IsPendingIn(Segment open) => Volatile.Read(ref data) is null && segment == open;

    internal Value PendingValue
    {
        get => new(node, output);
        private set => (node, output) = (value.Node, (byte)value.Output);
    }

    /// <summary>Takes a computed value, where the tensor still stands for that node.</summary>
    internal void Adopt(Segment from, Value at, DeviceData computed)
    {
        if (segment != from || PendingValue != at || data is not null) return;
        Volatile.Write(ref data, computed);
        if (!RequiresGrad || historyReleased) segment = null;
    }

    /// <summary>Takes the value a segment has computed for a variable.</summary>
    internal void Commit(Segment from, DeviceData computed)
    {
        Volatile.Write(ref data, computed);
        if (segment == from) segment = null;
    }

    /// <summary>Points the tensor to another node: an in-place write. Returns the value it had, or null.</summary>
    internal DeviceData? Redirect(Segment open, Value to)
    {
        var old = data;
        PendingValue = to;
        segment = open;
        Volatile.Write(ref data, null);
        return old;
    }

    /// <summary>Undoes in-place writes of a discarded segment.</summary>
    internal void Restore(Segment discarded, DeviceData old)
    {
        if (segment != discarded) return;
        Volatile.Write(ref data, old);
        segment = null;
    }

    /// <summary>After a failed run: back to the last good value, unless it was written since.</summary>
    internal void PutBack(DeviceData failed, DeviceData last) => Interlocked.CompareExchange(ref data, last, failed);

    internal void Reset(DeviceData old)
    {
        Volatile.Write(ref data, old);
        segment = null;
    }
}

using System.Diagnostics;
using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A stretch of a flow's tape. While open it points to its recording; once closed, to the graph that the cache keeps and to the values it was computed from,
/// so that a value that was no root can be computed again for as long as those values exist. Its lock is held while it is closed, so that others wait for its
/// values.
/// </summary>
internal sealed class Segment(Device device, Recording recording, long sequence, StepScope? scope, Tape tape) : TensorSource(device)
{
    /// <summary>Grows from segment to segment of an engine: later segments use earlier ones, never the other way.</summary>
    public long Sequence { get; } = sequence;

    public StepScope? Scope { get; } = scope;

    /// <summary>The tape it is or was open on.</summary>
    public Tape Tape { get; } = tape;

    /// <summary>When it was begun, a timestamp of <see cref="Stopwatch"/>.</summary>
    public long Begun { get; } = Stopwatch.GetTimestamp();

    public SegmentState State { get; set; } = SegmentState.Open;

    public Recording? Recording { get; set; } = recording;

    /// <summary>After closing: the graph of operators, whose node indices are the recording's.</summary>
    public Graph? Graph { get; set; }

    /// <summary>After closing: the key without roots, under which learned roots are kept.</summary>
    public UInt128 StructureHash { get; set; }

    /// <summary>After closing: whether a tensor marked as varying in size was used in it.</summary>
    public bool AnySize { get; set; }

    public DeviceData[] Inputs { get; set; } = [];

    public long[] Scalars { get; set; } = [];

    /// <summary>After closing: where gradients of inputs go, by slot; null when none need any.</summary>
    public object?[]? InputOrigins { get; set; }

    /// <summary>After closing: parameters that were written in it, by the node that stands for their new value.</summary>
    public Dictionary<int, Parameter>? Leaves { get; set; }

    /// <summary>After closing: the flags of every node, when a gradient may be asked for.</summary>
    public NodeFlags[]? Flags { get; set; }

    /// <summary>Why it was set aside although it had something to compute, or null. Whoever waited for it to be closed gets this too.</summary>
    public LazyHostException? Error { get; set; }

    /// <summary>True when it was set aside although it wrote variables, which kept their old values.</summary>
    public bool WroteVariables { get; set; }

    /// <summary>After submitting: the computed values by root.</summary>
    public ResultMap? Results { get; set; }

    public TensorType TypeOf(Value value) => Recording?.TypeOf(value) ?? Graph!.TypeOf(value);
}

namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Runs that may wait on a device before recording has to, 1 to 64.</summary>
    public int QueueDepth { get; set; } = 2;

    /// <summary>When operators run, where no device or scope says otherwise.</summary>
    public ExecutionMode Mode { get; set; }

    /// <summary>A segment is closed, with a warning, when it has this many nodes; at least 100.</summary>
    public int SegmentNodeLimit { get; set; } = 50_000;

    /// <summary>Segments that may be compiled: one more is an error that says why. 0 allows any number.</summary>
    public int MaxCompiles { get; set; }

    /// <summary>Bytes of device memory LazyHost may hold on each device, such as "4GB"; 0 leaves it to LazyHost.</summary>
    public long MemoryBudget { get; set; }
}

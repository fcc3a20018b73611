namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Execution</c>.</summary>
public sealed class ExecutionOptions
{
    /// <summary>Runs that may wait on a device before recording has to, 1 to 64.</summary>
    public int QueueDepth { get; set; } = 2;
}

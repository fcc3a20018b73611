namespace LazyHost;

/// <summary>When operators run. Element-wise results have the same bits in every mode.</summary>
public enum ExecutionMode
{
    /// <summary>They are recorded, and run at the end of a step or when a value is read.</summary>
    Lazy,
    /// <summary>Each is compiled and run as it is called: slower, for finding out which one is at fault.</summary>
    Eager,
}

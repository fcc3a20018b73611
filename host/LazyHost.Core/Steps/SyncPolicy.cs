namespace LazyHost;

/// <summary>What a read of a value that is only recorded does: it ends the segment, which in the middle of a step costs fusion and a wait.</summary>
public enum SyncPolicy
{
    /// <summary>It computes the value.</summary>
    Allow,
    /// <summary>It computes the value and logs a warning with the place.</summary>
    Warn,
    /// <summary>It throws a <see cref="StepException"/> with the place.</summary>
    Throw,
}

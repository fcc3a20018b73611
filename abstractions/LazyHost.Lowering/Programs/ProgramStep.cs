namespace LazyHost.Lowering.Programs;

/// <summary>One step of a program. Steps run in order; each sees what earlier ones wrote.</summary>
public abstract record ProgramStep
{
    /// <summary>Where the user recorded what this step computes.</summary>
    public CallSite? CallSite { get; init; }

    /// <summary>Roughly the number of scalar operations.</summary>
    public abstract long Operations { get; }
}

namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Diagnostics</c>.</summary>
public sealed class DiagnosticsOptions
{
    /// <summary>A file to which every segment that is closed is appended; relative paths start in the working directory. Null writes none.</summary>
    public string? DumpFile { get; set; }

    /// <summary>How the file shows a segment's graph.</summary>
    public DumpFormat DumpFormat { get; set; }

    /// <summary>Finds the user's file and line of every operation by a walk of the stack: slow, for finding faults.</summary>
    public bool Frames { get; set; }
}

namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:ComputationCache</c>.</summary>
public sealed class ComputationCacheOptions
{
    /// <summary>Compiled segments kept, at least 1.</summary>
    public int Entries { get; set; } = 1024;

    /// <summary>Bytes of compiled segments kept, at least 1. In settings a number, or text such as <c>512MB</c> or <c>1GB</c>.</summary>
    public long Bytes { get; set; } = 1L << 30;

    /// <summary>A directory in which programs are kept for later processes, by backends that can; relative paths start in the working directory. Null keeps none.</summary>
    public string? Directory { get; set; }

    /// <summary>Bytes of programs kept in the directory, at least 1.</summary>
    public long DirectoryBytes { get; set; } = 1L << 30;
}

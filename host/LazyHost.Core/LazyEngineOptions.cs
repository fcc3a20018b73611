using LazyHost.Backends;

namespace LazyHost;

/// <summary>The settings of a <see cref="LazyEngine"/>. Immutable.</summary>
public sealed record LazyEngineOptions
{
    /// <summary>Runs that may wait on a device before recording has to. Default 2.</summary>
    public int QueueDepth { get; init; } = 2;

    /// <summary>Compiled segments kept. Default 1,024.</summary>
    public int CacheEntries { get; init; } = 1024;

    /// <summary>Bytes of compiled segments kept. Default 1 GB.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>A directory in which programs are kept for later processes, for backends that can (<see cref="IExecutableSerializer"/>), or null. Default null.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>Bytes of programs kept in <see cref="CacheDirectory"/>. Default 1 GB.</summary>
    public long CacheDirectoryBytes { get; init; } = 1L << 30;

    /// <summary>Segments that code may be made for; one more is a <see cref="CompileLimitException"/> that says why. Default any number.</summary>
    public long MaxCompiles { get; init; } = long.MaxValue;

    /// <summary>Device copies of small host values kept for each device; 0 turns the cache off. Default 128.</summary>
    public int DataCacheEntries { get; init; } = 128;

    /// <summary>Bytes of device memory LazyHost may hold on each device; 0 takes half of what the device, or for devices that cannot say the process, has.</summary>
    public long MemoryBudget { get; init; }

    /// <summary>A segment is closed when it has this many nodes. Default 50,000.</summary>
    public int SegmentNodeLimit { get; init; } = 50_000;

    /// <summary>Kinds of devices that run the operators which a device's own backend cannot, in the order they are asked; empty forbids that. Default empty.</summary>
    public IReadOnlyList<string> FallbackChain { get; init; } = [];

    /// <summary>Names of operators that go down the chain although the device's own backend can run them, for tests. Does not concern the devices of the chain.
    /// Default none.</summary>
    public IReadOnlyList<string> ForcedFallback { get; init; } = [];

    /// <summary>How long disposing the engine waits for running work. Default 30 seconds.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When operators run, where no device or scope says otherwise. Default lazy.</summary>
    public ExecutionMode Mode { get; init; }

    /// <summary>A file to which every segment that is closed is appended, or null. Default null.</summary>
    public string? DumpFile { get; init; }

    /// <summary>How <see cref="DumpFile"/> shows a segment's graph. Default text.</summary>
    public DumpFormat DumpFormat { get; init; }

    /// <summary>Finds the user's file and line of every operation by a walk of the stack: also of operators such as <c>+</c>, and inside modules. Takes
    /// microseconds an operation, so only for finding faults. Default false.</summary>
    public bool Frames { get; init; }

    /// <summary>Options that change compiled programs.</summary>
    public CompilationOptions Compilation { get; init; } = CompilationOptions.Default;
}

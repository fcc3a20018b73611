namespace LazyHost.Backends;

/// <summary>A compiled program. It may run several times at once, each time with a workspace of its own.</summary>
public interface IExecutable : IDisposable
{
    /// <summary>Device memory for temporaries that one run needs.</summary>
    long WorkspaceBytes { get; }

    /// <summary>Roughly the number of scalar operations of one run; small programs run on the caller's thread.</summary>
    long EstimatedOperations { get; }

    /// <summary>The number of kernels and library calls of one run.</summary>
    int KernelCount { get; }

    /// <summary>The number of kernels that code had to be made for: 0 where the program was put together from what programs of other sizes had left.</summary>
    int NewKernelCount => KernelCount;

    /// <summary>Memory the program itself holds, as the cache counts it.</summary>
    long ProgramBytes { get; }

    /// <summary>Pairs of which the host may pass one buffer as input and output.</summary>
    IReadOnlyList<AliasPair> MayAlias { get; }

    /// <summary>The program as text, stable for equal graphs.</summary>
    string Dump();
}

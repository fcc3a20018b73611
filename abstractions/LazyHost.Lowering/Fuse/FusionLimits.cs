namespace LazyHost.Lowering.Fuse;

/// <summary>The numbers fusion decides by.</summary>
internal static class FusionLimits
{
    /// <summary>Values one kernel may compute.</summary>
    public const int Computed = 1000;

    /// <summary>Buffers one kernel may come to read.</summary>
    public const int Loads = 64;

    /// <summary>Stores and reductions of one kernel.</summary>
    public const int Sinks = 64;

    /// <summary>Operations an element that may be done again in another kernel rather than stored.</summary>
    public const int CheapCost = 8;

    /// <summary>The same, for all kernels together.</summary>
    public const int RepeatedCost = 16;

    /// <summary>Operations an element that may be done again in each stage of one kernel.</summary>
    public const int StageCost = 24;

    /// <summary>Rows below which stages that wait for each other are not worth the lost parallelism...</summary>
    public const long FewRows = 16;

    /// <summary>... unless all points together are no more than this.</summary>
    public const long FewPoints = 32768;

    /// <summary>Views looked through to find the buffer of a matrix.</summary>
    public const int MatrixViews = 16;
}

using ILGPU;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>How the threads of a grid go through elements: each from its own place on, a whole grid further every time.</summary>
internal static class Walk
{
    public static long First => ((long)Grid.IdxX * Group.DimX) + Group.IdxX;

    public static long Step => (long)Grid.DimX * Group.DimX;
}

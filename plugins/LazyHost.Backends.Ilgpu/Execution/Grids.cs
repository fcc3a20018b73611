using ILGPU;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>How many groups a kernel is started with. Kernels of this project go on to what lies a whole grid further, so fewer groups than there is work are right as well.</summary>
internal static class Grids
{
    /// <summary>The threads of a group where nothing speaks for another number.</summary>
    public const int Threads = 256;

    private const long MostGroups = 1 << 22;

    /// <summary>A group for each piece of work.</summary>
    public static KernelConfig Groups(long pieces, int threads = Threads) => new((int)Math.Min(pieces, MostGroups), threads);

    /// <summary>A thread for each piece of work.</summary>
    public static KernelConfig Each(long pieces) => Groups((pieces + Threads - 1) / Threads);
}

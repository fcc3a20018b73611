using LazyHost.Lowering.Kernels;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>How a kernel is walked; with the structure of the kernel, what its code depends on.</summary>
/// <param name="Walk">The way points are shared.</param>
/// <param name="Copies">Neighbouring points, along the last loop, that a thread takes at a time.</param>
/// <param name="Modes">By access, how it is read or written.</param>
/// <param name="TurnedLoop">The loop along which turned accesses are contiguous; -1 where there are none.</param>
/// <param name="IsWide">True where 32 bits do not hold every position.</param>
internal sealed record KernelSchedule(KernelWalk Walk, int Copies, AccessMode[] Modes, int TurnedLoop, bool IsWide)
{
    private const int MostCopied = 800, FewInner = 32, Tile = 32, MostShared = 32 << 10;

    // A group walks a chunk of a row; a thread a chunk of a column.
    private static readonly ReductionLimits Cuts = new(512, 1 << 15, 1 << 14, 0, IsColumn);

    /// <summary>The program with reductions to few results cut, so that the whole device works on each.</summary>
    public static KernelProgram Cut(KernelProgram program) => ReductionSplitter.Run(program, Cuts);

    /// <summary>The schedule of a kernel whose last loop is one to walk along.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="operations">The number of operations of a point.</param>
    /// <param name="most">The greatest size of a buffer in elements.</param>
    public static KernelSchedule Of(Kernel kernel, int operations, long most)
    {
        // Half the range is left for the threads that run past the end.
        var isWide = Math.Max(most, Math.Max(kernel.OuterCount, kernel.InnerCount)) >= 1 << 30;
        var each = new AccessMode[kernel.Accesses.Count];
        if (!kernel.IsElementwise)
        {
            if (kernel.InnerCount <= FewInner || IsColumn(kernel))
                return new(KernelWalk.ThreadRow, operations <= MostCopied / 4 && kernel.Sizes[^1] >= 8 ? 4 : 1, Same(kernel, each), -1, isWide);
            return Copied(kernel, operations, KernelWalk.GroupRow, isWide) ?? new(KernelWalk.GroupRow, 1, each, -1, isWide);
        }
        return Turned(kernel, isWide) ?? Copied(kernel, operations, KernelWalk.Map, isWide) ?? new(KernelWalk.Map, 1, each, -1, isWide);
    }

    public bool Equals(KernelSchedule? other) => other is not null && (Walk, Copies, TurnedLoop, IsWide) == (other.Walk, other.Copies, other.TurnedLoop, other.IsWide)
        && Modes.AsSpan().SequenceEqual(other.Modes);

    public override string ToString() => $"{Walk} {Copies} {string.Concat(Modes.Select(mode => mode.ToString()[0]))} {TurnedLoop}{(IsWide ? " wide" : "")}";

    public override int GetHashCode() => HashCode.Combine(Walk, Copies, TurnedLoop, IsWide);

    /// <summary>16 bytes at a time, where every store and at least half of the loads allow it.</summary>
    private static KernelSchedule? Copied(Kernel kernel, int operations, KernelWalk walk, bool isWide)
    {
        var last = kernel.Sizes.Count - 1;
        var stores = kernel.Stages.SelectMany(s => s.Stores).Select(s => s.Access).ToHashSet();
        var along = Enumerable.Range(0, kernel.Accesses.Count).Where(a => kernel.Accesses[a].Strides[last] == 1).ToList();
        if (along.Count == 0) return null;
        var copies = Math.Min(8, 16 / along.Max(a => kernel.Accesses[a].DType.Size()));
        if (kernel.Sizes[last] < copies || kernel.Sizes[last] % copies != 0 || operations * copies > MostCopied) return null;
        var modes = Same(kernel, new AccessMode[kernel.Accesses.Count]);
        foreach (var a in along)
        {
            var access = kernel.Accesses[a];
            var isAligned = access.Offset % copies == 0 && access.Guards.All(g => g.Loop != last)
                && Enumerable.Range(0, last).All(loop => kernel.Sizes[loop] <= 1 || access.Strides[loop] % copies == 0);
            if (isAligned && access.DType.Size() * copies <= 16) modes[a] = AccessMode.Wide;
        }
        var loads = Enumerable.Range(0, modes.Length).Where(a => !stores.Contains(a) && modes[a] != AccessMode.Same).ToList();
        return stores.All(a => modes[a] == AccessMode.Wide) && loads.Count(a => modes[a] == AccessMode.Wide) * 2 >= loads.Count ? new(walk, copies, modes, -1, isWide) : null;
    }

    /// <summary>Loads that are contiguous along another loop than the stores, where both loops fill tiles.</summary>
    private static KernelSchedule? Turned(Kernel kernel, bool isWide)
    {
        var last = kernel.Sizes.Count - 1;
        var stores = kernel.Stages[0].Stores.Select(s => s.Access).ToHashSet();
        if (kernel.Sizes[last] < Tile / 2 || stores.Any(a => kernel.Accesses[a].Strides[last] != 1)) return null;
        var across = Enumerable.Range(0, kernel.Accesses.Count).Where(a => !stores.Contains(a) && kernel.Accesses[a].Strides[last] is not (0 or 1)).ToList();
        var loop = Enumerable.Range(0, last).Where(l => kernel.Sizes[l] >= Tile / 2).DefaultIfEmpty(-1).MaxBy(l => l < 0 ? 0 : across.Count(a => kernel.Accesses[a].Strides[l] == 1));
        if (loop < 0) return null;
        var turned = across.Where(a => kernel.Accesses[a].Strides[loop] == 1).ToList();
        if (turned.Count == 0 || turned.Sum(a => kernel.Accesses[a].DType.Size() * Tile * (Tile + 1)) > MostShared) return null;
        var modes = new AccessMode[kernel.Accesses.Count];
        foreach (var a in turned) modes[a] = AccessMode.Turned;
        return new(KernelWalk.Tile, 1, modes, loop, isWide);
    }

    private static AccessMode[] Same(Kernel kernel, AccessMode[] modes)
    {
        var last = kernel.Sizes.Count - 1;
        for (var a = 0; a < modes.Length; a++)
            if (kernel.Accesses[a].Strides[last] == 0 && kernel.Accesses[a].Guards.All(g => g.Loop != last)) modes[a] = AccessMode.Same;
        return modes;
    }

    private static bool IsColumn(Kernel kernel) => Contiguous(kernel, kernel.OuterRank - 1) > Contiguous(kernel, kernel.Sizes.Count - 1);

    private static int Contiguous(Kernel kernel, int loop) => loop < 0 ? 0 : kernel.Accesses.Count(a => a.Strides[loop] == 1);
}

using System.Numerics;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>
/// Cuts a reduction of many elements to few into kernels that more threads can share: one that reduces chunks, one for what the chunks leave over, and one that reduces
/// their results. Chunk sizes follow from the kernel's sizes alone, so the result has the same bits whatever the threads.
/// </summary>
public static class ReductionSplitter
{
    /// <summary>Cuts what the limits say should be.</summary>
    /// <returns>The program with every such reduction cut; partial results lie behind its workspace.</returns>
    public static KernelProgram Run(KernelProgram program, ReductionLimits limits)
    {
        var (steps, buffers, workspace) = (new List<ProgramStep>(), new List<ProgramBuffer>(program.Buffers), program.WorkspaceBytes);
        foreach (var step in program.Steps)
        {
            if (step is not KernelStep kernel || Split(kernel.Kernel, buffers.Count, limits) is not { } parts) { steps.Add(step); continue; }
            foreach (var partial in parts.Buffers)
            {
                workspace = (workspace + 63) & ~63L;
                buffers.Add(new(buffers.Count, BufferKind.Temporary, 0, partial, workspace, default));
                workspace += partial.ByteSize;
            }
            foreach (var part in parts.Kernels) steps.Add(new KernelStep(part) { CallSite = step.CallSite });
        }
        return steps.Count == program.Steps.Count ? program : program with { Buffers = buffers, Steps = steps, WorkspaceBytes = workspace };
    }

    private static (IReadOnlyList<Kernel> Kernels, IReadOnlyList<TensorType> Buffers)? Split(Kernel kernel, int firstBuffer, ReductionLimits limits)
    {
        if (kernel.Stages.Count != 1 || kernel.Stages[0].Reductions.Count == 0 || kernel.Stages[0].Stores.Count > 0 || kernel.OuterCount == 0) return null;
        var isColumn = limits.IsColumn(kernel);
        var points = isColumn ? kernel.OuterCount / kernel.Sizes[kernel.OuterRank - 1] : kernel.OuterCount;
        if (points >= limits.FewPoints || kernel.InnerCount * (isColumn ? Math.Min(kernel.OuterCount, 256) : 1) < limits.ManyElements) return null;
        if (isColumn && kernel.OuterCount >= limits.FewPoints * 64) return null;
        var (loop, size) = (kernel.OuterRank, kernel.Sizes[kernel.OuterRank]);
        var perStep = Math.Max(1, kernel.InnerCount / size * (isColumn ? kernel.OuterCount : 1));
        var chunk = isColumn && limits.ColumnChunk == 0 ? (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Sqrt(size)) : Math.Max(1, (isColumn ? limits.ColumnChunk : limits.RowChunk) / perStep);
        var chunks = size / chunk;
        if (chunks < 2 || UsesIndex(kernel, loop)) return null;
        var parts = chunks + (size % chunk == 0 ? 0 : 1);
        var outer = kernel.Sizes.Take(kernel.OuterRank).ToArray();
        var partials = kernel.Stages[0].Reductions.Select(r => new TensorType(Held(kernel.Expressions[r.Expression].DType), Shape.Create([parts, .. outer]))).ToArray();
        var kernels = new List<Kernel> { Chunk(kernel, partials, firstBuffer, 0, chunks, chunk) };
        if (parts > chunks) kernels.Add(Chunk(kernel, partials, firstBuffer, chunks, 1, size % chunk) with { Name = kernel.Name + "_rest" });
        for (var i = 0; i < kernels.Count; i++) kernels[i] = Shifted(kernels[i], loop, i == 0 ? 0 : chunks * chunk);
        kernels.Add(Combine(kernel, partials, firstBuffer, parts));
        return (kernels, partials);
    }

    /// <summary>The kernel over some chunks: they become the first outer loop, and each stores what it reduced.</summary>
    private static Kernel Chunk(Kernel kernel, TensorType[] partials, int firstBuffer, long first, long count, long chunk)
    {
        var loop = kernel.OuterRank;
        var rowStores = kernel.Stages[0].RowStores.Select(s => s.Access).ToHashSet();
        var accesses = kernel.Accesses.Select((a, i) => a with { Strides = [rowStores.Contains(i) ? 0 : a.Strides[loop] * chunk, .. a.Strides], Guards = [.. a.Guards.Select(g => g with { Loop = g.Loop + 1 })] }).ToList();
        var expressions = kernel.Expressions.Select(e => e.Kind == KernelExpressionKind.LoopIndex ? e with { Index = e.Index + 1 } : e).ToList();
        var stores = new List<KernelStore>();
        for (var r = 0; r < partials.Length; r++)
        {
            var strides = partials[r].Shape.RowMajorStrides();
            accesses.Add(new(firstBuffer + r, partials[r].DType, first * strides[0], [.. strides, .. new long[kernel.Sizes.Count - loop]], []));
            expressions.Add(new(KernelExpressionKind.Reduced, partials[r].DType) { Index = r });
            stores.Add(new(accesses.Count - 1, expressions.Count - 1));
        }
        long[] sizes = [count, .. kernel.Sizes];
        sizes[loop + 1] = chunk;
        return new(kernel.Name + "_chunks", sizes, loop + 1, accesses, expressions, [new(kernel.Stages[0].Reductions, [], stores)]);
    }

    private static Kernel Shifted(Kernel kernel, int loop, long start) => start == 0 ? kernel
        : kernel with { Accesses = [.. kernel.Accesses.Select(a => a with { Offset = a.Offset + (a.Strides[loop + 1] * start) })] };

    /// <summary>The kernel over the partial results, which one inner loop walks; it ends as the whole kernel does.</summary>
    private static Kernel Combine(Kernel kernel, TensorType[] partials, int firstBuffer, long parts)
    {
        var outer = kernel.OuterRank;
        var accesses = kernel.Accesses.Select(a => a with { Strides = [.. a.Strides.Take(outer), 0], Guards = [.. a.Guards.Where(g => g.Loop < outer)] }).ToList();
        var expressions = kernel.Expressions.ToList();
        var reductions = new List<KernelReduction>();
        for (var r = 0; r < partials.Length; r++)
        {
            var strides = partials[r].Shape.RowMajorStrides();
            accesses.Add(new(firstBuffer + r, partials[r].DType, 0, [.. strides.Skip(1), strides[0]], []));
            expressions.Add(new(KernelExpressionKind.Load, partials[r].DType) { Index = accesses.Count - 1 });
            reductions.Add(new(kernel.Stages[0].Reductions[r].Kind, expressions.Count - 1));
        }
        return new(kernel.Name + "_end", [.. kernel.Sizes.Take(outer), parts], outer, accesses, expressions, [new(reductions, [], kernel.Stages[0].RowStores)]);
    }

    private static bool UsesIndex(Kernel kernel, int loop) =>
        kernel.Expressions.Any(e => e.Kind == KernelExpressionKind.LoopIndex && e.Index >= loop) || kernel.Accesses.Any(a => a.Guards.Any(g => g.Loop >= loop));

    /// <summary>The type partial results are stored in: that of the accumulator.</summary>
    private static DType Held(DType type) => type.ComputeType();
}

using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Loops;

/// <summary>
/// Drops loops of size 1 and makes one loop of two neighbours wherever every access walks them as one. Outer and inner loops stay apart, and a kernel that has
/// inner loops keeps at least one.
/// </summary>
public static class LoopCollapse
{
    /// <summary>The kernel with as few loops as its accesses allow.</summary>
    public static Kernel Run(Kernel kernel)
    {
        for (var loop = kernel.Sizes.Count - 1; loop >= 0; loop--)
            if (CanDrop(kernel, loop)) kernel = LoopRewrite.Drop(kernel, loop);
        for (var loop = kernel.Sizes.Count - 2; loop >= 0; loop--)
            if (CanMerge(kernel, loop)) kernel = LoopRewrite.Merge(kernel, loop);
        return kernel;
    }

    private static bool CanDrop(Kernel kernel, int loop)
    {
        if (kernel.Sizes[loop] != 1 || (loop >= kernel.OuterRank && kernel.Sizes.Count - kernel.OuterRank == 1)) return false;
        foreach (var access in kernel.Accesses)
            foreach (var guard in access.Guards)
                if (guard.Loop == loop && (guard.Low > 0 || guard.High < 1)) return false;
        return true;
    }

    private static bool CanMerge(Kernel kernel, int loop)
    {
        if (loop + 1 == kernel.OuterRank) return false;
        foreach (var expression in kernel.Expressions)
            if (expression.Kind == KernelExpressionKind.LoopIndex && (expression.Index == loop || expression.Index == loop + 1)) return false;
        foreach (var access in kernel.Accesses)
        {
            if (access.Strides[loop] != access.Strides[loop + 1] * kernel.Sizes[loop + 1]) return false;
            foreach (var guard in access.Guards) if (guard.Loop == loop || guard.Loop == loop + 1) return false;
        }
        return true;
    }
}

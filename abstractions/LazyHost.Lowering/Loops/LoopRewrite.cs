using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Loops;

/// <summary>Changes the loops of a kernel and everything that speaks of them.</summary>
internal static class LoopRewrite
{
    /// <summary>Loop i becomes what was loop order[i].</summary>
    public static Kernel Permute(Kernel kernel, int[] order)
    {
        var place = new int[order.Length];
        for (var i = 0; i < order.Length; i++) place[order[i]] = i;
        return Change(kernel, [.. order.Select(loop => kernel.Sizes[loop])], kernel.OuterRank,
            strides => [.. order.Select(loop => strides[loop])], loop => place[loop]);
    }

    /// <summary>Removes a loop of size 1.</summary>
    public static Kernel Drop(Kernel kernel, int loop) =>
        Change(kernel, Without(kernel.Sizes, loop), kernel.OuterRank - (loop < kernel.OuterRank ? 1 : 0), strides => Without(strides, loop),
            other => other == loop ? -1 : other > loop ? other - 1 : other);

    /// <summary>Makes one loop of a loop and the next.</summary>
    public static Kernel Merge(Kernel kernel, int loop)
    {
        var sizes = Without(kernel.Sizes, loop);
        sizes[loop] = kernel.Sizes[loop] * kernel.Sizes[loop + 1];
        return Change(kernel, sizes, kernel.OuterRank - (loop < kernel.OuterRank ? 1 : 0), strides => Without(strides, loop),
            other => other > loop ? other - 1 : other);
    }

    private static Kernel Change(Kernel kernel, long[] sizes, int outerRank, Func<IReadOnlyList<long>, long[]> strides, Func<int, int> place) => kernel with
    {
        Sizes = sizes,
        OuterRank = outerRank,
        Accesses = [.. kernel.Accesses.Select(access => access with
        {
            Strides = strides(access.Strides),
            Guards = [.. access.Guards.Where(guard => place(guard.Loop) >= 0).Select(guard => guard with { Loop = place(guard.Loop) })
                .OrderBy(guard => guard.Loop)],
        })],
        Expressions = [.. kernel.Expressions.Select(expression => expression.Kind != KernelExpressionKind.LoopIndex ? expression
            : place(expression.Index) is >= 0 and var index ? expression with { Index = index }
            : new KernelExpression(KernelExpressionKind.Constant, DType.Int64))],
    };

    private static long[] Without(IReadOnlyList<long> items, int index)
    {
        var rest = items.ToList();
        rest.RemoveAt(index);
        return [.. rest];
    }
}

using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>Drops expressions and accesses that no reduction or store needs, and numbers the rest anew.</summary>
internal static class UnusedExpressions
{
    public static Kernel Run(Kernel kernel)
    {
        var used = new bool[kernel.Expressions.Count];
        var accessUsed = new bool[kernel.Accesses.Count];
        foreach (var stage in kernel.Stages)
        {
            foreach (var reduction in stage.Reductions) used[reduction.Expression] = true;
            foreach (var store in stage.Stores.Concat(stage.RowStores)) used[store.Expression] = accessUsed[store.Access] = true;
        }
        for (var i = used.Length - 1; i >= 0; i--)
        {
            if (!used[i]) continue;
            var expression = kernel.Expressions[i];
            foreach (var operand in expression.Operands) used[operand] = true;
            if (expression.Kind != KernelExpressionKind.Load) continue;
            accessUsed[expression.Index] = true;
            if (kernel.Accesses[expression.Index].Fill is >= 0 and var fill) used[fill] = true;
        }
        if (!used.Contains(false) && !accessUsed.Contains(false)) return kernel;
        var (expressions, accesses) = (Numbers(used), Numbers(accessUsed));
        return kernel with
        {
            Accesses = [.. kernel.Accesses.Where((_, i) => accessUsed[i])
                .Select(access => access.Fill < 0 ? access : access with { Fill = expressions[access.Fill] })],
            Expressions = [.. kernel.Expressions.Where((_, i) => used[i]).Select(expression => expression with
            {
                Operands = [.. expression.Operands.Select(operand => expressions[operand])],
                Index = expression.Kind == KernelExpressionKind.Load ? accesses[expression.Index] : expression.Index,
            })],
            Stages = [.. kernel.Stages.Select(stage => new KernelStage(
                [.. stage.Reductions.Select(reduction => reduction with { Expression = expressions[reduction.Expression] })],
                Stores(stage.Stores),
                Stores(stage.RowStores)))],
        };

        List<KernelStore> Stores(IReadOnlyList<KernelStore> stores) =>
            [.. stores.Select(store => new KernelStore(accesses[store.Access], expressions[store.Expression]))];
    }

    private static int[] Numbers(bool[] used)
    {
        var numbers = new int[used.Length];
        var next = 0;
        for (var i = 0; i < used.Length; i++) numbers[i] = used[i] ? next++ : -1;
        return numbers;
    }
}

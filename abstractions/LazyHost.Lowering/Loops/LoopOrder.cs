using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Loops;

/// <summary>
/// Orders loops so that memory is walked in order. Outer loops follow the first store, from its greatest stride to its least. Inner loops of a reduction do the
/// same for the load that most loads agree with.
/// </summary>
public static class LoopOrder
{
    /// <summary>The kernel with its loops ordered.</summary>
    public static Kernel Run(Kernel kernel)
    {
        var rank = kernel.Sizes.Count;
        var order = Enumerable.Range(0, rank).ToArray();
        var stores = kernel.Stages.SelectMany(stage => stage.Stores.Concat(stage.RowStores)).Select(store => kernel.Accesses[store.Access]).ToList();
        if (stores.Count > 0) Sort(order.AsSpan(0, kernel.OuterRank), stores[0]);
        if (rank - kernel.OuterRank > 1)
        {
            var best = stores.Find(store => Moves(store, kernel.OuterRank)) ?? kernel.Accesses.Where(access => Moves(access, kernel.OuterRank))
                .GroupBy(access => string.Join(',', access.Strides.Skip(kernel.OuterRank))).MaxBy(alike => alike.Count())?.First();
            if (best is not null) Sort(order.AsSpan(kernel.OuterRank), best);
        }
        return order.AsSpan().SequenceEqual(Enumerable.Range(0, rank).ToArray()) ? kernel : LoopRewrite.Permute(kernel, order);
    }

    private static bool Moves(KernelAccess access, int from) => access.Strides.Skip(from).Any(stride => stride != 0);

    // loops on which the access stands still keep their places
    private static void Sort(Span<int> order, KernelAccess access)
    {
        var moving = new List<int>();
        foreach (var loop in order) if (access.Strides[loop] != 0) moving.Add(loop);
        var sorted = moving.OrderByDescending(loop => Math.Abs(access.Strides[loop])).ToList();
        var next = 0;
        for (var i = 0; i < order.Length; i++)
            if (access.Strides[order[i]] != 0) order[i] = sorted[next++];
    }
}

using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Verification;

/// <summary>Checks one kernel: indices in range, operands first, reductions before their use, accesses inside their buffers.</summary>
internal static class KernelVerifier
{
    public static void Verify(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers, string where)
    {
        where = $"{where}, kernel {kernel.Name}";
        Require(kernel.Stages.Count > 0 && kernel.OuterRank <= kernel.Sizes.Count, where, "it has no stage, or more outer loops than loops");
        var levels = new int[kernel.Expressions.Count];
        for (var i = 0; i < levels.Length; i++)
        {
            var expression = kernel.Expressions[i];
            foreach (var operand in expression.Operands)
            {
                Require(operand >= 0 && operand < i, where, $"expression {i} uses expression {operand}");
                levels[i] = Math.Max(levels[i], levels[operand]);
            }
            switch (expression.Kind)
            {
                case KernelExpressionKind.Load:
                    var access = kernel.Accesses[expression.Index];
                    Require(access.DType == expression.DType && access.Fill < i && (access.Guards.Count == 0 || access.Fill >= 0), where,
                        $"load {i} has another type than its access, or no value outside its guards");
                    RequireInside(kernel, access, buffers, where);
                    break;
                case KernelExpressionKind.LoopIndex:
                    Require(expression.Index >= 0 && expression.Index < kernel.Sizes.Count, where, $"there is no loop {expression.Index}");
                    break;
                case KernelExpressionKind.Reduced:
                    Require(expression.Index < kernel.Stages[(int)expression.Bits].Reductions.Count, where,
                        $"there is no reduction {expression.Index} in stage {expression.Bits}");
                    levels[i] = (int)expression.Bits + 1;
                    break;
            }
        }
        for (var i = 0; i < kernel.Stages.Count; i++)
        {
            foreach (var reduction in kernel.Stages[i].Reductions) Require(levels[reduction.Expression] <= i, where,
                $"stage {i} reduces what is known only later");
            foreach (var store in kernel.Stages[i].Stores) RequireStore(kernel, buffers, store, levels[store.Expression] <= i, isRow: false, where);
            foreach (var store in kernel.Stages[i].RowStores) RequireStore(kernel, buffers, store, levels[store.Expression] <= i + 1, isRow: true, where);
        }
    }

    private static void RequireStore(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers, KernelStore store, bool isKnown, bool isRow, string where)
    {
        var access = kernel.Accesses[store.Access];
        Require(isKnown, where, "it stores what is known only later");
        Require(access.Guards.Count == 0 && access.DType == kernel.Expressions[store.Expression].DType && access.DType == buffers[access.Buffer].Type.DType,
            where, "a store has guards or another type than its buffer");
        RequireInside(kernel, access, buffers, where);
        if (kernel.Sizes.Contains(0)) return;
        // each point has an element of its own: every stride passes over all that smaller strides reach
        long reach = 0;
        foreach (var (stride, size) in access.Strides.Zip(kernel.Sizes).Take(isRow ? kernel.OuterRank : kernel.Sizes.Count).Where(loop => loop.Second > 1)
            .Select(loop => (Math.Abs(loop.First), loop.Second)).Order())
        {
            Require(stride > reach, where, $"points share elements of buffer {access.Buffer}");
            reach += stride * (size - 1);
        }
        if (isRow) Require(access.Strides.Skip(kernel.OuterRank).All(stride => stride == 0), where, "a row store moves inside the row");
    }

    private static void RequireInside(Kernel kernel, KernelAccess access, IReadOnlyList<ProgramBuffer> buffers, string where)
    {
        Require(access.Strides.Count == kernel.Sizes.Count && access.Buffer < buffers.Count, where, "an access has the wrong number of strides, or no buffer");
        var (least, greatest) = (access.Offset, access.Offset);
        for (var i = 0; i < kernel.Sizes.Count; i++)
        {
            var (low, high) = (0L, kernel.Sizes[i]);
            foreach (var guard in access.Guards) if (guard.Loop == i) (low, high) = (Math.Max(low, guard.Low), Math.Min(high, guard.High));
            if (low >= high) return;
            var (a, b) = (access.Strides[i] * low, access.Strides[i] * (high - 1));
            (least, greatest) = (least + Math.Min(a, b), greatest + Math.Max(a, b));
        }
        Require(least >= 0 && greatest < buffers[access.Buffer].Type.Shape.ElementCount, where,
            $"an access reaches from {least} to {greatest} in buffer {access.Buffer} ({buffers[access.Buffer].Type})");
    }

    private static void Require(bool condition, string where, string what)
    {
        if (!condition) throw new CompilationException($"{where}: {what}");
    }
}

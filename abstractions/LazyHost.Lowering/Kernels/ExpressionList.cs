using LazyHost.IR;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>The expressions of a kernel while it is built; leaves that are equal become one.</summary>
internal sealed class ExpressionList
{
    private readonly List<KernelExpression> expressions = [];
    private readonly List<int> levels = [];
    private readonly Dictionary<(KernelExpressionKind, DType, int, long), int> leaves = [];

    public IReadOnlyList<KernelExpression> Expressions => expressions;

    /// <summary>The first stage whose inner points may use an expression: one past the last stage it needs a reduction of.</summary>
    public int Level(int expression) => levels[expression];

    public int Load(int access, DType type, int fill) => Add(new(KernelExpressionKind.Load, type) { Index = access }, fill < 0 ? 0 : levels[fill]);

    public int Scalar(int slot, DType type) => Leaf(KernelExpressionKind.Scalar, type, slot, 0, 0);

    public int Constant(long bits, DType type) => Leaf(KernelExpressionKind.Constant, type, 0, bits, 0);

    public int LoopIndex(int loop) => Leaf(KernelExpressionKind.LoopIndex, DType.Int64, loop, 0, 0);

    public int Reduced(int stage, int reduction, DType type) => Leaf(KernelExpressionKind.Reduced, type, reduction, stage, stage + 1);

    public int Apply(PrimitiveKind primitive, DType type, params int[] operands)
    {
        var level = 0;
        foreach (var operand in operands) level = Math.Max(level, levels[operand]);
        return Add(new(KernelExpressionKind.Apply, type) { Primitive = primitive, Operands = operands }, level);
    }

    private int Leaf(KernelExpressionKind kind, DType type, int index, long bits, int level)
    {
        if (leaves.TryGetValue((kind, type, index, bits), out var at)) return at;
        return leaves[(kind, type, index, bits)] = Add(new(kind, type) { Index = index, Bits = bits }, level);
    }

    private int Add(KernelExpression expression, int level)
    {
        expressions.Add(expression);
        levels.Add(level);
        return expressions.Count - 1;
    }
}

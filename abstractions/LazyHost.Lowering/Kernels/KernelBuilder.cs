using LazyHost.IR;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Loops;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Kernels;

/// <summary>Turns a fusion group into a kernel: expressions in the order of the graph, stages by what waits for what.</summary>
internal sealed class KernelBuilder
{
    private readonly FusionGroup group;
    private readonly ValueTable values;
    private readonly BufferTable buffers;
    private readonly int[] position;
    private readonly List<long> sizes = [];
    private readonly int outerRank;
    private readonly ExpressionList list = new();
    private readonly List<KernelAccess> accesses = [];
    private readonly List<(List<KernelReduction> Reductions, List<KernelStore> Stores, List<KernelStore> RowStores)> stages = [];
    private readonly int[] expressionOf;

    private KernelBuilder(FusionGroup group, ValueTable values, BufferTable buffers)
    {
        (this.group, this.values, this.buffers) = (group, values, buffers);
        position = new int[group.Sizes.Count];
        expressionOf = new int[group.Entries.Count];
        foreach (var inner in new[] { false, true })
            for (var i = 0; i < position.Length; i++)
                if (group.Inner[i] == inner)
                {
                    position[i] = sizes.Count;
                    sizes.Add(group.Sizes[i]);
                    if (!inner) outerRank++;
                }
    }

    /// <summary>Builds the kernel.</summary>
    public static Kernel Run(FusionGroup group, ValueTable values, BufferTable buffers, string name)
    {
        var kernel = new KernelBuilder(group, values, buffers).Build(name);
        return LoopCollapse.Run(LoopOrder.Run(UnusedExpressions.Run(kernel)));
    }

    private Kernel Build(string name)
    {
        foreach (var entry in group.Entries.OrderBy(entry => entry.Value).ThenBy(entry => entry.Place))
            expressionOf[entry.Place] = entry.Operands is null ? Leaf(entry) : Computed(entry);
        foreach (var sink in group.Sinks)
        {
            if (sink.IsReduction) continue;
            var expression = expressionOf[sink.Entry.Place];
            var level = list.Level(expression);
            var isRow = group.HasInner && !group.Inner.Select((inner, loop) => inner && sink.Place[loop] != 0).Contains(true);
            accesses.Add(Access(buffers.Target(sink.Target), values.TypeOf(sink.Entry.Value).DType, new(sink.Place, []), -1));
            var store = new KernelStore(accesses.Count - 1, expression);
            if (isRow) Stage(Math.Max(0, level - 1)).RowStores.Add(store);
            else Stage(level).Stores.Add(store);
        }
        return new(name, sizes, outerRank, accesses, list.Expressions,
            [.. stages.Select(stage => new KernelStage(stage.Reductions, stage.Stores, stage.RowStores))]);
    }

    private int Leaf(FusionGroup.Entry entry)
    {
        var node = values.Definition(entry.Value);
        if (node.Form == InputForms.Scalar) return list.Scalar((int)node.Int(0), node.Type.DType);
        var isBuffer = values.IsBuffer(entry.Value) || !values.IsLeaf(entry.Value);
        if (!isBuffer && IndexRamp.Find(values, entry.Value, entry.Index, group.Sizes) is { } ramp)
            return values.KindOf(entry.Value) == PrimitiveKind.Iota ? Ramp(ramp, node.Type.DType) : list.Constant(node.Ints(2)[0], node.Type.DType);
        return Load(entry, entry.Index.Guards.Length == 0 ? -1 : list.Constant(0, values.TypeOf(entry.Value).DType));
    }

    private int Computed(FusionGroup.Entry entry)
    {
        var node = values.Definition(entry.Value);
        var kind = ((Primitive)node.Form).Kind;
        var operands = new int[entry.Operands!.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = expressionOf[entry.Operands[i].Place];
        if (Kinds.IsElementwise(kind)) return list.Apply(kind, node.Type.DType, operands);
        if (kind == PrimitiveKind.Pad) return Pad(entry, operands[0], operands[1]);
        if (!Kinds.IsReduction(kind)) return operands[0];
        var stage = list.Level(operands[0]);
        Stage(stage).Reductions.Add(new(kind, operands[0]));
        return list.Reduced(stage, Stage(stage).Reductions.Count - 1, node.Type.DType);
    }

    // a guarded load does the padding itself; what is computed is chosen by comparing loop indices
    private int Pad(FusionGroup.Entry entry, int inside, int fill)
    {
        var operand = entry.Operands![0];
        var guards = operand.Index.Guards.Except(entry.Index.Guards).ToArray();
        if (guards.Length == 0) return inside;
        if (operand.Operands is null && list.Expressions[inside].Kind == KernelExpressionKind.Load &&
            list.Expressions[fill].Kind is KernelExpressionKind.Constant or KernelExpressionKind.Scalar) return Load(operand, fill);
        var condition = -1;
        foreach (var guard in guards)
        {
            var index = list.LoopIndex(position[guard.Loop]);
            if (guard.Low > 0) Require(list.Apply(PrimitiveKind.Ge, DType.Bool, index, list.Constant(guard.Low, DType.Int64)));
            if (guard.High < group.Sizes[guard.Loop]) Require(list.Apply(PrimitiveKind.Lt, DType.Bool, index, list.Constant(guard.High, DType.Int64)));
        }
        return condition < 0 ? inside : list.Apply(PrimitiveKind.Select, list.Expressions[inside].DType, condition, inside, fill);

        void Require(int test) => condition = condition < 0 ? test : list.Apply(PrimitiveKind.And, DType.Bool, condition, test);
    }

    private int Ramp(Affine ramp, DType type)
    {
        var sum = -1;
        for (var loop = 0; loop < ramp.Loops; loop++)
        {
            if (ramp[loop] == 0) continue;
            var term = list.LoopIndex(position[loop]);
            if (ramp[loop] != 1) term = list.Apply(PrimitiveKind.Mul, DType.Int64, term, list.Constant(ramp[loop], DType.Int64));
            sum = sum < 0 ? term : list.Apply(PrimitiveKind.Add, DType.Int64, sum, term);
        }
        if (sum < 0) sum = list.Constant(ramp.Offset, DType.Int64);
        else if (ramp.Offset != 0) sum = list.Apply(PrimitiveKind.Add, DType.Int64, sum, list.Constant(ramp.Offset, DType.Int64));
        return type == DType.Int64 ? sum : list.Apply(PrimitiveKind.Cast, type, sum);
    }

    private int Load(FusionGroup.Entry entry, int fill)
    {
        var type = values.TypeOf(entry.Value).DType;
        accesses.Add(Access(buffers.Of(entry.Value), type, entry.Index, fill));
        return list.Load(accesses.Count - 1, type, fill);
    }

    private KernelAccess Access(int buffer, DType type, IndexMap index, int fill)
    {
        var strides = new long[sizes.Count];
        for (var i = 0; i < strides.Length; i++) strides[position[i]] = index.Place[i];
        AccessGuard[] guards = [.. index.Guards.Select(guard => guard with { Loop = position[guard.Loop] }).OrderBy(guard => guard.Loop)];
        return new(buffer, type, index.Place.Offset, strides, guards, guards.Length == 0 ? -1 : fill);
    }

    private (List<KernelReduction> Reductions, List<KernelStore> Stores, List<KernelStore> RowStores) Stage(int index)
    {
        while (stages.Count <= index) stages.Add(([], [], []));
        return stages[index];
    }
}

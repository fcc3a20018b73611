using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Cuts the operations of a kernel into parts; values that later parts need become stores of one part and loads of the others.</summary>
internal sealed class LongMapSplitter
{
    private readonly TranslatedKernel source;
    private readonly List<int> varying;
    private readonly int partSize;
    private readonly Dictionary<int, int> partOf = [];
    private readonly List<KernelAccess> accesses;
    private readonly Dictionary<int, int> handed = [];
    private readonly long[] strides;
    private readonly int firstBuffer;

    public LongMapSplitter(TranslatedKernel source, List<int> varying, int partSize)
    {
        (this.source, this.varying, this.partSize) = (source, varying, partSize);
        accesses = [.. source.Kernel.Accesses];
        strides = Shape.Create([.. source.Kernel.Sizes]).RowMajorStrides();
        firstBuffer = accesses.Count == 0 ? 0 : accesses.Max(a => a.Buffer) + 1;
    }

    public List<TranslatedKernel> Run()
    {
        for (var i = 0; i < varying.Count; i++) partOf[varying[i]] = i / partSize;
        foreach (var id in varying)
            foreach (var operand in Operands(id))
                if (partOf.TryGetValue(operand, out var part) && part != partOf[id] && source.Graph.Nodes[operand].Op != LaneOp.Load) Hand(operand);
        foreach (var store in source.Stages[0].Stores)
            if (!partOf.ContainsKey(store.Node)) partOf[store.Node] = 0;
        var parts = new List<TranslatedKernel>();
        for (var part = 0; part <= (varying.Count - 1) / partSize; part++) parts.Add(Part(part));
        return [.. parts.Select(p => p with { Kernel = p.Kernel with { Accesses = accesses }, Fills = [.. p.Fills, .. Enumerable.Repeat(-1, accesses.Count - p.Fills.Length)] })];
    }

    private void Hand(int id)
    {
        if (handed.ContainsKey(id)) return;
        handed[id] = accesses.Count;
        accesses.Add(new(firstBuffer + handed.Count - 1, Stored(source.Graph.Nodes[id].Type), 0, strides, []));
    }

    private TranslatedKernel Part(int part)
    {
        var graph = new LaneGraph();
        var copies = new Dictionary<int, int>();
        var stores = new List<TranslatedStore>();
        foreach (var id in varying)
            if (partOf[id] == part) Copy(id);
        foreach (var (id, access) in handed)
        {
            if (partOf[id] != part) continue;
            var (lane, type) = (copies[id], source.Graph.Nodes[id].Type);
            if (type == LaneType.M64) lane = graph.Place(new(LaneOp.Convert, LaneType.M32, lane));
            stores.Add(new(access, type.IsMask() ? graph.Place(new(LaneOp.ConditionalSelect, LaneType.I32, lane, Whole(1), Whole(0))) : lane));
        }
        foreach (var store in source.Stages[0].Stores)
            if (partOf[store.Node] == part) stores.Add(new(store.Access, Copy(store.Node)));
        var fills = source.Fills.Select(fill => fill < 0 ? -1 : Copy(fill)).ToArray();
        return new(source.Kernel, graph, [new([], [.. stores], [])], fills);

        // What does not vary is copied whole; it is as deep as scalar arithmetic gets, so the stack is explicit.
        int Copy(int root)
        {
            var stack = new Stack<int>([root]);
            while (stack.TryPeek(out var id))
            {
                if (copies.ContainsKey(id)) { stack.Pop(); continue; }
                if (Reload(id) is { } loaded) { copies[id] = loaded; continue; }
                var missing = Operands(id).Where(o => !copies.ContainsKey(o)).ToList();
                if (missing.Count > 0) { foreach (var operand in missing) stack.Push(operand); continue; }
                var node = source.Graph.Nodes[id];
                copies[id] = graph.Place(node with { A = Of(node.A), B = Of(node.B), C = Of(node.C) });
            }
            return copies[root];
        }

        int? Reload(int id)
        {
            if (!handed.TryGetValue(id, out var access) || partOf[id] == part) return null;
            var type = source.Graph.Nodes[id].Type;
            var lane = graph.Place(new(LaneOp.Load, type.IsMask() ? LaneType.I32 : type, Index: access));
            if (!type.IsMask()) return lane;
            lane = graph.Place(new(LaneOp.OnesComplement, LaneType.M32, graph.Place(new(LaneOp.Equals, LaneType.M32, lane, Whole(0)))));
            return type == LaneType.M64 ? graph.Place(new(LaneOp.Convert, LaneType.M64, lane)) : lane;
        }

        int Whole(long value) => graph.Place(new(LaneOp.Constant, LaneType.I32, Bits: value));

        int Of(int operand) => operand < 0 ? -1 : copies[operand];
    }

    private IEnumerable<int> Operands(int id)
    {
        var node = source.Graph.Nodes[id];
        if (node.A >= 0) yield return node.A;
        if (node.B >= 0) yield return node.B;
        if (node.C >= 0) yield return node.C;
    }

    private static DType Stored(LaneType type) => type switch
    {
        LaneType.F32 => DType.Float32,
        LaneType.F64 => DType.Float64,
        LaneType.I64 => DType.Int64,
        LaneType.U64 => DType.UInt64,
        LaneType.U32 => DType.UInt32,
        _ => DType.Int32,
    };
}

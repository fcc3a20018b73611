using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// Emits a walk along the vector loop: unrolled vectors, then single ones, then the rest through scratch memory by the same code, so that an element has the
/// same bits wherever it stands. A run is cut where a guard of an access begins or ends, so that no vector needs to ask.
/// </summary>
internal sealed class RunEmitter
{
    private const int MostOperations = 1200;

    private readonly KernelCode code;
    private readonly Dependence dependence;
    private readonly TranslatedStage stage;
    private readonly int[] roots;
    private readonly List<int> loads;
    private readonly Dictionary<int, LocalBuilder> pointers = [], strides = [], origins = [];
    private readonly LocalBuilder at;

    public RunEmitter(KernelCode code, Dependence dependence, TranslatedStage stage)
    {
        (this.code, this.dependence, this.stage) = (code, dependence, stage);
        roots = [.. stage.Stores.Select(s => s.Node).Concat(stage.Reductions.Select(r => r.Node)).Distinct()];
        var varying = dependence.Varying(roots).ToList();
        loads = [.. varying.Where(id => code.Source.Graph.Nodes[id].Op == LaneOp.Load).Select(id => code.Source.Graph.Nodes[id].Index).Distinct()];
        HasIndex = varying.Exists(id => code.Source.Graph.Nodes[id].Op == LaneOp.LoopIndex);
        Frontier = [.. dependence.Frontier(roots)];
        foreach (var access in loads.Concat(stage.Stores.Select(s => s.Access)))
        {
            pointers[access] = code.Il.DeclareLocal(typeof(long));
            strides[access] = code.Il.DeclareLocal(typeof(long));
            origins[access] = code.Il.DeclareLocal(typeof(long));
        }
        at = code.Il.DeclareLocal(typeof(long));
    }

    private bool HasIndex { get; }

    /// <summary>What must be computed, once a row or once for all, before the run.</summary>
    public int[] Frontier { get; }

    private ILGenerator Il => code.Il;

    /// <summary>Emits a run of <paramref name="count"/> elements from the vector loop's index on; the index is left somewhere in the run.</summary>
    public void Emit(LocalBuilder count, Accumulators? accumulators, Dictionary<int, LocalBuilder> scalars, Dictionary<int, LocalBuilder> vectors)
    {
        // Also those of loads that do not move along the run, wherever they stand: what is computed from them before the run holds between their bounds alone.
        var guards = dependence.Loads(roots).SelectMany(a => code.Kernel.Accesses[a].Guards.Select((g, i) => (Access: a, Guard: i, g.Loop))).Where(g => g.Loop == code.VectorLoop)
            .DistinctBy(g => code.Source.Numbers is null ? (object)code.Kernel.Accesses[g.Access].Guards[g.Guard] : g).ToList();
        if (guards.Count == 0) { Segment(count, accumulators, scalars, vectors); return; }
        var index = code.Indices[code.VectorLoop];
        var left = Il.DeclareLocal(typeof(long));
        var length = Il.DeclareLocal(typeof(long));
        Il.Copy(left, count);
        Il.WhileAtLeast(left, 1, () =>
        {
            Il.Copy(length, left);
            foreach (var (access, guard, _) in guards)
            {
                foreach (var isHigh in (ReadOnlySpan<bool>)[false, true])
                {
                    var past = Il.DefineLabel();
                    Il.Emit(OpCodes.Ldloc, index);
                    code.PushBound(access, guard, isHigh);
                    Il.Emit(OpCodes.Bge, past);
                    code.PushBound(access, guard, isHigh);
                    Il.Emit(OpCodes.Ldloc, index);
                    Il.Emit(OpCodes.Sub);
                    Il.Lower(length);
                    Il.MarkLabel(past);
                }
            }
            Segment(length, accumulators, scalars, vectors);
            Il.Increase(index, length);
            Il.Emit(OpCodes.Ldloc, left);
            Il.Emit(OpCodes.Ldloc, length);
            Il.Emit(OpCodes.Sub);
            Il.Emit(OpCodes.Stloc, left);
        });
    }

    private void Segment(LocalBuilder count, Accumulators? accumulators, Dictionary<int, LocalBuilder> scalars, Dictionary<int, LocalBuilder> vectors)
    {
        var ready = new Dictionary<int, LocalBuilder>(vectors);
        code.Prepare(Frontier, new(scalars), ready);
        foreach (var (access, pointer) in pointers)
        {
            var isOutside = code.Kernel.Accesses[access].Guards.Count > 0 ? Il.DeclareLocal(typeof(int)) : null;
            code.PushAddress(access, isOutside);
            Il.Emit(OpCodes.Stloc, pointer);
            code.PushElementStride(access);
            Il.Emit(OpCodes.Stloc, strides[access]);
            if (isOutside is null) continue;
            var inside = Il.DefineLabel();
            Il.Emit(OpCodes.Ldloc, isOutside);
            Il.Emit(OpCodes.Brfalse, inside);
            Il.Set(strides[access], 0);
            Il.MarkLabel(inside);
        }
        Il.Copy(at, code.Indices[code.VectorLoop]);
        var left = Il.DeclareLocal(typeof(long));
        Il.Copy(left, count);
        if (accumulators is not null && code.Lanes > 1) Reduce(left, accumulators, ready);
        else if (accumulators is not null) ReduceScalar(left, accumulators, ready);
        else Map(left, ready);
    }

    private void Map(LocalBuilder left, Dictionary<int, LocalBuilder> ready)
    {
        var copies = Unroll(ready);
        if (copies > 1) Il.WhileAtLeast(left, (long)copies * code.Lanes, () => Step(left, copies, ready, null, null));
        var (again, done) = (Il.DefineLabel(), Il.DefineLabel());
        var rest = Il.DeclareLocal(typeof(long));
        Il.Set(rest, 0);
        Il.MarkLabel(again);
        Il.WhileAtLeast(left, code.Lanes, () => Step(left, 1, ready, null, null));
        if (code.Lanes == 1) return;
        var copyOut = Il.DefineLabel();
        Il.Emit(OpCodes.Ldloc, rest);
        Il.Emit(OpCodes.Brtrue, copyOut);
        Il.Emit(OpCodes.Ldloc, left);
        Il.Emit(OpCodes.Ldc_I8, 0L);
        Il.Emit(OpCodes.Beq, done);
        Il.Copy(rest, left);
        Redirect(rest);
        Il.Set(left, code.Lanes);
        Il.Emit(OpCodes.Br, again);
        Il.MarkLabel(copyOut);
        CopyOut(rest);
        Il.MarkLabel(done);
    }

    private void Reduce(LocalBuilder left, Accumulators accumulators, Dictionary<int, LocalBuilder> ready)
    {
        var copies = accumulators.Copies;
        Il.WhileAtLeast(left, FoldFunctions.Count, () => Step(left, copies, ready, accumulators, null));
        var done = Il.DefineLabel();
        Il.Emit(OpCodes.Ldloc, left);
        Il.Emit(OpCodes.Ldc_I8, 0L);
        Il.Emit(OpCodes.Beq, done);
        var rest = Il.DeclareLocal(typeof(long));
        Il.Copy(rest, left);
        Redirect(rest);
        Step(left, copies, ready, accumulators, rest);
        CopyOut(rest);
        Il.MarkLabel(done);
    }

    private void ReduceScalar(LocalBuilder left, Accumulators accumulators, Dictionary<int, LocalBuilder> ready)
    {
        var position = Il.DeclareLocal(typeof(long));
        Il.Set(position, 0);
        Il.WhileAtLeast(left, 1, () =>
        {
            Step(left, 1, ready, accumulators, position);
            Il.Increase(position, 1);
        });
    }

    /// <summary>How many vectors to compute side by side: as many as registers hold and RyuJIT takes in one method.</summary>
    private int Unroll(Dictionary<int, LocalBuilder> ready)
    {
        if (code.Lanes == 1) return 1;
        var uses = new Dictionary<int, int>();
        var order = NodeOrder.Of(code.Source.Graph, roots, ready.ContainsKey, uses);
        var registers = code.Lanes * 4 >= 64 || System.Runtime.Intrinsics.X86.Avx512F.IsSupported ? 26 : 12;
        var copies = Math.Clamp(registers / Math.Max(1, NodeOrder.Pressure(code.Source.Graph, order, uses)), 1, 8);
        while (copies > 1 && copies * order.Count > MostOperations) copies--;
        // Short loops would spend more time in the compiler than they win; of code for many sizes nobody knows.
        if (code.Source.Numbers is not null) return Rounded(copies);
        var points = code.Kernel.OuterCount * code.Kernel.InnerCount;
        copies = (int)Math.Min(copies, Math.Max(1, Math.Min(code.Kernel.Sizes[code.VectorLoop] / code.Lanes, points / (code.Lanes * 32L))));
        return Rounded(copies);
    }

    private static int Rounded(int copies) => copies >= 8 ? 8 : copies >= 4 ? 4 : copies >= 2 ? 2 : 1;

    /// <summary>One step: all sinks for some vectors, then the pointers move on. For scalar reductions the local is the position, else the lanes that count.</summary>
    private void Step(LocalBuilder left, int copies, Dictionary<int, LocalBuilder> ready, Accumulators? accumulators, LocalBuilder? limit)
    {
        var sinks = new List<NodeEmitter.Sink>();
        for (var r = 0; r < stage.Reductions.Length; r++)
        {
            var which = r;
            sinks.Add(new(stage.Reductions[r].Node, (copy, push) =>
            {
                if (code.Lanes == 1) accumulators!.AddScalar(which, limit!, push);
                else accumulators!.Add(which, copy, push, limit);
            }));
        }
        foreach (var store in stage.Stores)
            sinks.Add(new(store.Node, (copy, push) => StoreVector(store, copy, push)));
        new NodeEmitter(Il, code.Source.Graph, code.Methods, code.Locals) { Ready = ready }.Emit(sinks, code.Lanes, copies, PushLeaf);
        foreach (var (access, pointer) in pointers)
            if (code.Kernel.Accesses[access].Guards.Count > 0 || IsStrided(access)) Il.Increase(pointer, strides[access], (long)copies * code.Lanes);
            else Il.Increase(pointer, (long)copies * code.Lanes * code.Size(access));
        if (HasIndex) Il.Increase(at, (long)copies * code.Lanes);
        Il.Increase(left, -(long)copies * code.Lanes);
    }

    private void PushLeaf(int id, int lanes, int copy)
    {
        var node = code.Source.Graph.Nodes[id];
        if (node.Op == LaneOp.LoopIndex) { PushIndex(node.Type, copy); return; }
        var (access, size) = (node.Index, code.Size(node.Index));
        if (lanes > 1 && IsStrided(access))
        {
            code.PushScratch(access, KernelCode.PackOffset + (copy * lanes * size));
            Il.Emit(OpCodes.Conv_U);
            PushPointer(access, copy, isStrided: true);
            Il.Emit(OpCodes.Ldloc, strides[access]);
            Il.Emit(OpCodes.Ldc_I4, size);
            Il.Emit(OpCodes.Ldc_I8, (long)lanes);
            Il.Emit(OpCodes.Call, typeof(StridedCopy).GetMethod(nameof(StridedCopy.Gather))!);
            code.PushScratch(access, KernelCode.PackOffset + (copy * lanes * size));
            Il.Emit(OpCodes.Conv_U);
        }
        else
        {
            PushPointer(access, copy, isStrided: false);
        }
        VectorMemory.Load(code, access, node.Type, lanes);
    }

    private void PushIndex(LaneType type, int copy)
    {
        Il.Emit(OpCodes.Ldloc, at);
        if (copy > 0)
        {
            Il.Emit(OpCodes.Ldc_I8, (long)copy * code.Lanes);
            Il.Emit(OpCodes.Add);
        }
        if (type == LaneType.I32) Il.Emit(OpCodes.Conv_I4);
        if (code.Lanes == 1) return;
        if (type == LaneType.I32) Il.Emit(OpCodes.Ldc_I4_1);
        else Il.Emit(OpCodes.Ldc_I8, 1L);
        Il.Emit(OpCodes.Call, VectorMethods.VectorClass(code.Lanes * type.Size() * 8).GetMethod("CreateSequence")!.MakeGenericMethod(type.Element()));
    }

    private void StoreVector(TranslatedStore store, int copy, Action push)
    {
        var (access, size, type) = (store.Access, code.Size(store.Access), code.Source.Graph.Nodes[store.Node].Type);
        if (code.Lanes == 1 || !IsStrided(access))
        {
            VectorMemory.Store(code, access, type, code.Lanes, () => PushPointer(access, copy, isStrided: false), push);
            return;
        }
        VectorMemory.Store(code, access, type, code.Lanes, PushPack, push);
        PushPointer(access, copy, isStrided: true);
        PushPack();
        Il.Emit(OpCodes.Ldloc, strides[access]);
        Il.Emit(OpCodes.Ldc_I4, size);
        Il.Emit(OpCodes.Ldc_I8, (long)code.Lanes);
        Il.Emit(OpCodes.Call, typeof(StridedCopy).GetMethod(nameof(StridedCopy.Scatter))!);

        void PushPack()
        {
            code.PushScratch(access, KernelCode.PackOffset + (copy * code.Lanes * size));
            Il.Emit(OpCodes.Conv_U);
        }
    }

    private void PushPointer(int access, int copy, bool isStrided)
    {
        Il.Emit(OpCodes.Ldloc, pointers[access]);
        if (copy > 0)
        {
            if (isStrided) Il.Emit(OpCodes.Ldloc, strides[access]);
            Il.Emit(OpCodes.Ldc_I8, (long)copy * code.Lanes * (isStrided ? 1 : code.Size(access)));
            if (isStrided) Il.Emit(OpCodes.Mul);
            Il.Emit(OpCodes.Add);
        }
        Il.Emit(OpCodes.Conv_U);
    }

    /// <summary>Points every access at its scratch, into which what is left to read is copied.</summary>
    private void Redirect(LocalBuilder rest)
    {
        foreach (var (access, pointer) in pointers)
        {
            Il.Copy(origins[access], pointer);
            if (loads.Contains(access)) Move(access, rest, isOut: false);
            code.PushScratch(access);
            Il.Emit(OpCodes.Stloc, pointer);
            var isFixed = code.Kernel.Accesses[access].Guards.Count == 0 && !IsStrided(access);
            if (isFixed) continue;
            var stride = Il.DeclareLocal(typeof(long));
            Il.Copy(stride, strides[access]);
            strideBefore[access] = stride;
            Il.Set(strides[access], code.Size(access));
        }
    }

    private readonly Dictionary<int, LocalBuilder> strideBefore = [];

    private void CopyOut(LocalBuilder rest)
    {
        foreach (var access in stage.Stores.Select(s => s.Access).Distinct()) Move(access, rest, isOut: true);
    }

    private void Move(int access, LocalBuilder rest, bool isOut)
    {
        var size = code.Size(access);
        if (isOut) { Il.Emit(OpCodes.Ldloc, origins[access]); Il.Emit(OpCodes.Conv_U); }
        code.PushScratch(access);
        Il.Emit(OpCodes.Conv_U);
        if (!isOut) { Il.Emit(OpCodes.Ldloc, origins[access]); Il.Emit(OpCodes.Conv_U); }
        if (IsStrided(access))
        {
            Il.Emit(OpCodes.Ldloc, isOut ? strideBefore[access] : strides[access]);
            Il.Emit(OpCodes.Ldc_I4, size);
            Il.Emit(OpCodes.Ldloc, rest);
            Il.Emit(OpCodes.Call, typeof(StridedCopy).GetMethod(isOut ? nameof(StridedCopy.Scatter) : nameof(StridedCopy.Gather))!);
            return;
        }
        Il.Emit(OpCodes.Ldloc, rest);
        Il.Emit(OpCodes.Ldc_I8, (long)size);
        Il.Emit(OpCodes.Mul);
        Il.Emit(OpCodes.Conv_U4);
        Il.Emit(OpCodes.Unaligned, (byte)1);
        Il.Emit(OpCodes.Cpblk);
    }

    private bool IsStrided(int access) => code.Stride(access) != 1 && code.Kernel.Sizes[code.VectorLoop] > 1;
}

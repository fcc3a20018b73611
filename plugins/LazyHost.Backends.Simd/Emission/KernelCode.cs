using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// What the emitters of loop nests share: the method under construction, its loop indices, the addresses of accesses, and leaves. The vector loop is the one whose
/// neighbours fill a vector; everything that does not change along it is computed once, as a single lane, and spread.
/// </summary>
internal sealed class KernelCode
{
    private const int ScratchBytes = 512;

    private readonly Dictionary<int, LocalBuilder> fills = [];
    private readonly LocalBuilder[] bases;
    private readonly Dictionary<int, LocalBuilder> arguments = [];
    private LocalBuilder? scratch;

    public KernelCode(TranslatedKernel source, VectorMethods methods, int lanes, int vectorLoop)
    {
        Source = source;
        Methods = methods;
        Lanes = lanes;
        VectorLoop = vectorLoop;
        Method = new(source.Kernel.Name, typeof(void), [typeof(byte**), typeof(long*), typeof(long), typeof(long)], typeof(KernelCode).Module, skipVisibility: true) { InitLocals = false };
        Il = Method.GetILGenerator();
        Locals = new(Il);
        Indices = [.. Kernel.Sizes.Select(_ => Il.DeclareLocal(typeof(long)))];
        bases = [.. Kernel.Accesses.Select(_ => Il.DeclareLocal(typeof(long)))];
        foreach (var (number, _) in source.Numbers?.Slots ?? []) arguments.Add(number, Il.DeclareLocal(typeof(long)));
    }

    public TranslatedKernel Source { get; }

    public Kernel Kernel => Source.Kernel;

    public VectorMethods Methods { get; }

    /// <summary>Lanes of a vector; 1 in scalar code.</summary>
    public int Lanes { get; set; }

    public int VectorLoop { get; }

    public DynamicMethod Method { get; }

    public ILGenerator Il { get; }

    public LocalPool Locals { get; }

    /// <summary>The index of each loop; that of the vector loop is where the current run starts.</summary>
    public LocalBuilder[] Indices { get; }

    /// <summary>The results of reductions as single lanes, by stage and number.</summary>
    public Dictionary<(long Stage, int Index), LocalBuilder> Reduced { get; } = [];

    /// <summary>The loops of a range, with what pushes their sizes; never 0, by which positions are divided.</summary>
    public List<(LocalBuilder Index, Action PushSize)> Loops(int from, int to) =>
        [.. Enumerable.Range(from, to - from).Select(loop => (Indices[loop], (Action)(() => PushNumber(KernelNumbers.Size(loop), Math.Max(1, Kernel.Sizes[loop])))))];

    public void PushSize(int loop) => PushNumber(KernelNumbers.Size(loop), Kernel.Sizes[loop]);

    /// <summary>Pushes a bound of a guard.</summary>
    public void PushBound(int access, int guard, bool isHigh)
    {
        var bounds = Kernel.Accesses[access].Guards[guard];
        PushNumber(KernelNumbers.Guard(Kernel, access, guard, isHigh), isHigh ? bounds.High : bounds.Low);
    }

    /// <summary>Pushes the bytes from one element of the vector loop to the next.</summary>
    public void PushElementStride(int access)
    {
        if (Kernel.Sizes[VectorLoop] > 1) PushNumber(KernelNumbers.Stride(Kernel, access, VectorLoop), Stride(access), Size(access));
        else Il.Emit(OpCodes.Ldc_I8, (long)Size(access));
    }

    public long Stride(int access) => Kernel.Accesses[access].Strides[VectorLoop];

    public int Size(int access) => Kernel.Accesses[access].DType.Size();

    /// <summary>Scratch of an access: for the rest of a run, for packed strided elements, and for the value outside its guards.</summary>
    public void PushScratch(int access, int offset = 0)
    {
        Il.Emit(OpCodes.Ldloc, scratch!);
        Il.Emit(OpCodes.Ldc_I8, ((long)access * ScratchBytes * 4) + offset);
        Il.Emit(OpCodes.Add);
    }

    /// <summary>Offset of the fill values inside an access's scratch.</summary>
    public const int FillOffset = 2 * ScratchBytes;

    /// <summary>Offset of where strided elements are packed.</summary>
    public const int PackOffset = ScratchBytes;

    /// <summary>Scratch behind that of the accesses: for the accumulators of a reduction.</summary>
    public void PushFoldScratch()
    {
        Il.Emit(OpCodes.Ldloc, scratch!);
        Il.Emit(OpCodes.Ldc_I8, (long)Kernel.Accesses.Count * ScratchBytes * 4);
        Il.Emit(OpCodes.Add);
    }

    /// <summary>Reads buffer addresses, reserves scratch and writes fill values.</summary>
    public void Begin(int foldBytes)
    {
        var hasPoints = Il.DefineLabel();
        Il.Emit(OpCodes.Ldarg_2);
        Il.Emit(OpCodes.Ldarg_3);
        Il.Emit(OpCodes.Blt, hasPoints);
        Il.Emit(OpCodes.Ret);
        Il.MarkLabel(hasPoints);
        scratch = Il.DeclareLocal(typeof(long));
        Il.Emit(OpCodes.Ldc_I4, (Kernel.Accesses.Count * ScratchBytes * 4) + foldBytes + 64);
        Il.Emit(OpCodes.Conv_U);
        Il.Emit(OpCodes.Localloc);
        Il.Emit(OpCodes.Conv_U8);
        Il.Emit(OpCodes.Ldc_I8, 63L);
        Il.Emit(OpCodes.Add);
        Il.Emit(OpCodes.Ldc_I8, -64L);
        Il.Emit(OpCodes.And);
        Il.Emit(OpCodes.Stloc, scratch);
        foreach (var (number, slot) in Source.Numbers?.Slots ?? [])
        {
            Il.Emit(OpCodes.Ldarg_1);
            Il.Emit(OpCodes.Ldc_I4, slot * sizeof(long));
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Ldind_I8);
            Il.Emit(OpCodes.Stloc, arguments[number]);
        }
        for (var i = 0; i < bases.Length; i++)
        {
            var access = Kernel.Accesses[i];
            Il.Emit(OpCodes.Ldarg_0);
            Il.Emit(OpCodes.Ldc_I4, access.Buffer * sizeof(long));
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Ldind_I);
            Il.Emit(OpCodes.Conv_I8);
            PushNumber(KernelNumbers.Offset(Kernel, i), access.Offset, access.DType.Size());
            Il.Emit(OpCodes.Add);
            Il.Emit(OpCodes.Stloc, bases[i]);
        }
        for (var i = 0; i < bases.Length; i++)
            if (Kernel.Accesses[i].Guards.Count > 0) Fill(i);
    }

    /// <summary>Ends the method and has it compiled now, by a call that does nothing, so that faults show here.</summary>
    public unsafe KernelBody Finish()
    {
        Il.Emit(OpCodes.Ret);
        var body = Method.CreateDelegate<KernelBody>();
        body(null, null, 0, 0);
        return body;
    }

    /// <summary>Pushes the address of an access at the current indices, or of its fill values where a guard says so; the flag says which.</summary>
    public void PushAddress(int access, LocalBuilder? isOutside = null)
    {
        var (description, size) = (Kernel.Accesses[access], Size(access));
        var outside = Il.DefineLabel();
        var end = Il.DefineLabel();
        if (isOutside is not null) SetFlag(isOutside, 0);
        for (var i = 0; i < description.Guards.Count; i++)
        {
            // One unsigned comparison: index - low < high - low.
            Il.Emit(OpCodes.Ldloc, Indices[description.Guards[i].Loop]);
            PushBound(access, i, isHigh: false);
            Il.Emit(OpCodes.Sub);
            Il.Emit(OpCodes.Ldc_I8, 0L);
            PushBound(access, i, isHigh: true);
            PushBound(access, i, isHigh: false);
            Il.Emit(OpCodes.Sub);
            Il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Max), [typeof(long), typeof(long)])!);
            Il.Emit(OpCodes.Bge_Un, outside);
        }
        Il.Emit(OpCodes.Ldloc, bases[access]);
        for (var loop = 0; loop < Indices.Length; loop++)
        {
            if (description.Strides[loop] == 0 || Kernel.Sizes[loop] <= 1) continue;
            Il.Emit(OpCodes.Ldloc, Indices[loop]);
            PushNumber(KernelNumbers.Stride(Kernel, access, loop), description.Strides[loop], size);
            Il.Emit(OpCodes.Mul);
            Il.Emit(OpCodes.Add);
        }
        if (description.Guards.Count == 0) return;
        var address = Il.DeclareLocal(typeof(long));
        Il.Emit(OpCodes.Stloc, address);
        Il.Emit(OpCodes.Br, end);
        Il.MarkLabel(outside);
        PushScratch(access, FillOffset);
        Il.Emit(OpCodes.Stloc, address);
        if (isOutside is not null) SetFlag(isOutside, 1);
        Il.MarkLabel(end);
        Il.Emit(OpCodes.Ldloc, address);
    }

    /// <summary>Pushes a leaf as a single lane, at the current indices.</summary>
    public void PushScalarLeaf(int id)
    {
        var node = Source.Graph.Nodes[id];
        switch (node.Op)
        {
            case LaneOp.Scalar:
                Il.Emit(OpCodes.Ldarg_1);
                Il.Emit(OpCodes.Ldc_I4, node.Index * sizeof(long));
                Il.Emit(OpCodes.Add);
                Il.Emit(node.Type == LaneType.F64 ? OpCodes.Ldind_R8 : OpCodes.Ldind_I8);
                break;
            case LaneOp.LoopIndex:
                Il.Emit(OpCodes.Ldloc, Indices[node.Index]);
                if (node.Type == LaneType.I32) Il.Emit(OpCodes.Conv_I4);
                break;
            case LaneOp.Reduced:
                Il.Emit(OpCodes.Ldloc, Reduced[(node.Bits, node.Index)]);
                break;
            default:
                PushAddress(node.Index);
                Il.Emit(OpCodes.Conv_U);
                VectorMemory.Load(this, node.Index, node.Type, 1);
                break;
        }
    }

    /// <summary>Computes nodes as single lanes and spreads each over a vector where there are several lanes.</summary>
    public void Prepare(IEnumerable<int> nodes, Dictionary<int, LocalBuilder> scalars, Dictionary<int, LocalBuilder> vectors)
    {
        var missing = nodes.Where(id => !scalars.ContainsKey(id) && Source.Graph.Nodes[id].Op != LaneOp.Constant).Distinct().ToList();
        if (missing.Count == 0) return;
        var emitter = new NodeEmitter(Il, Source.Graph, Methods, Locals) { Ready = new(scalars) };
        emitter.Emit([.. missing.Select(id => new NodeEmitter.Sink(id, (_, push) =>
        {
            var local = Il.DeclareLocal(Source.Graph.Nodes[id].Type.ScalarElement());
            push();
            Il.Emit(OpCodes.Stloc, local);
            scalars[id] = local;
        }))], 1, 1, (id, _, _) => PushScalarLeaf(id));
        foreach (var id in missing)
        {
            var type = Source.Graph.Nodes[id].Type;
            if (Lanes == 1) { vectors[id] = scalars[id]; continue; }
            vectors[id] = Il.DeclareLocal(VectorMethods.TypeOf(type, Lanes));
            Il.Emit(OpCodes.Ldloc, scalars[id]);
            Operations.Splat(Il, Methods, type, Lanes);
            Il.Emit(OpCodes.Stloc, vectors[id]);
        }
    }

    /// <summary>Pushes a number of the kernel times a factor: a literal, or where the code is for many kernels, an argument.</summary>
    private void PushNumber(int number, long value, long factor = 1)
    {
        if (!arguments.TryGetValue(number, out var argument))
        {
            Il.Emit(OpCodes.Ldc_I8, value * factor);
            return;
        }
        Il.Emit(OpCodes.Ldloc, argument);
        if (factor == 1) return;
        Il.Emit(OpCodes.Ldc_I8, factor);
        Il.Emit(OpCodes.Mul);
    }

    private void Fill(int access)
    {
        var fill = Source.Fills[access];
        if (fills.ContainsKey(access)) return;
        var emitter = new NodeEmitter(Il, Source.Graph, Methods, Locals);
        var type = Source.Graph.Nodes[fill].Type;
        emitter.Emit([new(fill, (_, push) =>
        {
            var value = Il.DeclareLocal(type.ScalarElement());
            push();
            Il.Emit(OpCodes.Stloc, value);
            fills[access] = value;
        })], 1, 1, (id, _, _) => PushScalarLeaf(id));
        PushScratch(access, FillOffset);
        Il.Emit(OpCodes.Conv_U);
        Il.Emit(OpCodes.Ldloc, fills[access]);
        if (type == LaneType.F32) Il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod(nameof(BitConverter.SingleToInt32Bits))!);
        if (type == LaneType.F64) Il.Emit(OpCodes.Call, typeof(BitConverter).GetMethod(nameof(BitConverter.DoubleToInt64Bits))!);
        Il.Emit(OpCodes.Conv_I8);
        Il.Emit(OpCodes.Ldc_I4, Size(access));
        Il.Emit(OpCodes.Ldc_I4, ScratchBytes * 2 / Size(access));
        Il.Emit(OpCodes.Call, typeof(StridedCopy).GetMethod(nameof(StridedCopy.Fill))!);
    }

    private void SetFlag(LocalBuilder flag, int value)
    {
        Il.Emit(OpCodes.Ldc_I4, value);
        Il.Emit(OpCodes.Stloc, flag);
    }
}

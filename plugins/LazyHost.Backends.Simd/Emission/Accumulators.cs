using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;
using LazyHost.IR;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>The 32 accumulators of each reduction of a stage: in vector locals, or in scratch memory for scalar code.</summary>
internal sealed class Accumulators
{
    private readonly KernelCode code;
    private readonly TranslatedReduction[] reductions;
    private readonly LocalBuilder[][] vectors;

    public Accumulators(KernelCode code, TranslatedReduction[] reductions)
    {
        this.code = code;
        this.reductions = reductions;
        vectors = [.. reductions.Select(r => code.Lanes == 1 ? [] : Enumerable.Range(0, Copies).Select(_ => code.Il.DeclareLocal(VectorMethods.TypeOf(r.Type, code.Lanes))).ToArray())];
    }

    /// <summary>Vectors in a step of the run: 32 elements.</summary>
    public int Copies => FoldFunctions.Count / code.Lanes;

    public static string Operation(PrimitiveKind kind) => kind switch
    {
        PrimitiveKind.ReduceSum => "Add",
        PrimitiveKind.ReduceProd => "Multiply",
        PrimitiveKind.ReduceMax => "Max",
        PrimitiveKind.ReduceMin => "Min",
        PrimitiveKind.ReduceAnd => "BitwiseAnd",
        _ => "BitwiseOr",
    };

    public void Reset()
    {
        for (var r = 0; r < reductions.Length; r++)
        {
            if (code.Lanes == 1)
            {
                PushSlot(r);
                code.Il.Emit(OpCodes.Conv_U);
                code.Il.Emit(OpCodes.Ldc_I8, reductions[r].Identity);
                code.Il.Emit(OpCodes.Ldc_I4, reductions[r].Type.Size());
                code.Il.Emit(OpCodes.Ldc_I4, FoldFunctions.Count);
                code.Il.Emit(OpCodes.Call, typeof(StridedCopy).GetMethod(nameof(StridedCopy.Fill))!);
            }
            foreach (var vector in vectors[r])
            {
                PushIdentity(r);
                code.Il.Emit(OpCodes.Stloc, vector);
            }
        }
    }

    /// <summary>Adds a value to the accumulators of one vector; where a count is given, only lanes before it.</summary>
    public void Add(int r, int copy, Action push, LocalBuilder? count)
    {
        var (il, type, vector) = (code.Il, reductions[r].Type, vectors[r][copy]);
        il.Emit(OpCodes.Ldloc, vector);
        if (count is null)
        {
            push();
        }
        else
        {
            PushMask(type, copy, count);
            push();
            PushIdentity(r);
            il.Emit(OpCodes.Call, code.Methods.Find("ConditionalSelect", type, code.Lanes, 3));
        }
        il.Emit(OpCodes.Call, code.Methods.Find(Operation(reductions[r].Kind), type, code.Lanes, 2));
        il.Emit(OpCodes.Stloc, vector);
    }

    /// <summary>Adds a single lane to accumulator <paramref name="position"/> mod 32.</summary>
    public void AddScalar(int r, LocalBuilder position, Action push)
    {
        var (il, type) = (code.Il, reductions[r].Type);
        PushPlace();
        PushPlace();
        il.Emit(OpCodes.Ldobj, type.Element());
        push();
        il.Emit(OpCodes.Call, code.Methods.Find(Operation(reductions[r].Kind), type, 1, 2));
        il.Emit(OpCodes.Stobj, type.Element());

        void PushPlace()
        {
            PushSlot(r);
            il.Emit(OpCodes.Ldloc, position);
            il.Emit(OpCodes.Ldc_I8, (long)FoldFunctions.Count - 1);
            il.Emit(OpCodes.And);
            il.Emit(OpCodes.Ldc_I8, (long)type.Size());
            il.Emit(OpCodes.Mul);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Conv_U);
        }
    }

    /// <summary>Folds each reduction's accumulators and pushes the result to a local.</summary>
    public LocalBuilder Fold(int r)
    {
        var (il, type) = (code.Il, reductions[r].Type);
        for (var copy = 0; copy < vectors[r].Length; copy++)
        {
            il.Emit(OpCodes.Ldloc, vectors[r][copy]);
            PushSlot(r);
            il.Emit(OpCodes.Ldc_I8, (long)copy * code.Lanes * type.Size());
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Call, code.Methods.Find(VectorMethods.VectorClass(code.Lanes * type.Size() * 8), "Store", type.Element(), VectorMethods.TypeOf(type, code.Lanes), 2));
        }
        var result = il.DeclareLocal(type.Element());
        PushSlot(r);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Call, typeof(FoldFunctions).GetMethod(reductions[r].Kind.ToString())!.MakeGenericMethod(type.Element()));
        il.Emit(OpCodes.Stloc, result);
        return result;
    }

    private void PushSlot(int r)
    {
        code.PushFoldScratch();
        code.Il.Emit(OpCodes.Ldc_I8, (long)r * FoldFunctions.Count * sizeof(long));
        code.Il.Emit(OpCodes.Add);
    }

    private void PushIdentity(int r) => Constants.Push(code.Il, code.Methods, new(LaneOp.Constant, reductions[r].Type, Bits: reductions[r].Identity), code.Lanes);

    private void PushMask(LaneType type, int copy, LocalBuilder count)
    {
        var (il, isWide) = (code.Il, type.Size() == 8);
        var (mask, element) = isWide ? (LaneType.M64, typeof(long)) : (LaneType.M32, typeof(int));
        var owner = VectorMethods.VectorClass(code.Lanes * type.Size() * 8);
        Number(copy * code.Lanes);
        Number(1);
        il.Emit(OpCodes.Call, owner.GetMethod("CreateSequence")!.MakeGenericMethod(element));
        il.Emit(OpCodes.Ldloc, count);
        if (!isWide) il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Call, code.Methods.Find(owner, "Create", element, element, 1));
        il.Emit(OpCodes.Call, code.Methods.Find("LessThan", mask, code.Lanes, 2));
        if (type.Element() != element) il.Emit(OpCodes.Call, owner.GetMethods().First(m => m.Name == "As" && m.GetGenericArguments().Length == 2).MakeGenericMethod(element, type.Element()));

        void Number(int value)
        {
            if (isWide) il.Emit(OpCodes.Ldc_I8, (long)value);
            else il.Emit(OpCodes.Ldc_I4, value);
        }
    }
}

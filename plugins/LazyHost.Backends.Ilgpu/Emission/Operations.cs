using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Emits one operation: an instruction, or a call of a function that ILGPU puts in its place.</summary>
internal static class Operations
{
    private static readonly Type[] Owners = [typeof(DeviceMath), typeof(FloatFunctions), typeof(IntegerFunctions), typeof(Conversions), typeof(FarSine), typeof(RemainderFunction)];
    private static readonly MethodInfo Choose = typeof(Utilities).GetMethods().First(m => m.Name == nameof(Utilities.Select) && m.GetGenericArguments().Length == 1);

    /// <summary>Pushes the result of a node whose operands <paramref name="push"/> pushes.</summary>
    public static void Emit(ILGenerator il, LaneGraph graph, LaneNode node, Action<int> push)
    {
        push(node.A);
        if (node.B >= 0) push(node.B);
        if (node.C >= 0) push(node.C);
        var from = graph.Nodes[node.A].Type;
        switch (node.Op)
        {
            case LaneOp.Add: il.Emit(OpCodes.Add); break;
            case LaneOp.Subtract: il.Emit(OpCodes.Sub); break;
            case LaneOp.Multiply when !node.Type.IsFloat(): il.Emit(OpCodes.Mul); break;
            case LaneOp.BitwiseAnd: il.Emit(OpCodes.And); break;
            case LaneOp.BitwiseOr: il.Emit(OpCodes.Or); break;
            case LaneOp.Xor: il.Emit(OpCodes.Xor); break;
            case LaneOp.OnesComplement when node.Type.IsMask():
                il.Emit(OpCodes.Ldc_I4_0);
                il.Emit(OpCodes.Ceq);
                break;
            case LaneOp.OnesComplement: il.Emit(OpCodes.Not); break;
            case LaneOp.ShiftLeft: Shift(il, OpCodes.Shl, node); break;
            case LaneOp.ShiftRightLogical: Shift(il, OpCodes.Shr_Un, node); break;
            case LaneOp.ShiftRightArithmetic: Shift(il, OpCodes.Shr, node); break;
            case LaneOp.Equals: il.Emit(OpCodes.Ceq); break;
            case LaneOp.LessThan when from is not (LaneType.U32 or LaneType.U64 or LaneType.F32 or LaneType.F64): il.Emit(OpCodes.Clt); break;
            case LaneOp.ConditionalSelect: il.Emit(OpCodes.Call, Choose.MakeGenericMethod(node.Type.ScalarElement())); break;
            case LaneOp.Convert: Convert(il, from, node.Type); break;
            case LaneOp.Reinterpret: Reinterpret(il, from, node.Type); break;
            case LaneOp.Call or LaneOp.Function: Call(il, node.Function.ToString(), from, node.C >= 0 ? 3 : node.B >= 0 ? 2 : 1); break;
            default: Call(il, node.Op.ToString(), from, node.C >= 0 ? 3 : node.B >= 0 ? 2 : 1); break;
        }
    }

    /// <summary>Calls the function of a name that takes so many lanes of a type.</summary>
    public static void Call(ILGenerator il, string name, LaneType type, int operands)
    {
        Type[] types = [.. Enumerable.Repeat(type.ScalarElement(), operands)];
        var method = Owners.Select(owner => owner.GetMethod(name, BindingFlags.Public | BindingFlags.Static, types)).FirstOrDefault(m => m is not null && m.GetParameters()[0].ParameterType == types[0]);
        il.Emit(OpCodes.Call, method ?? throw new CompilationException($"there is no {name} of {operands} lanes of {type}"));
    }

    public static void Constant(ILGenerator il, LaneType type, long bits)
    {
        switch (type)
        {
            case LaneType.F32: il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle((int)bits)); break;
            case LaneType.F64: il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits)); break;
            case LaneType.I64 or LaneType.U64: il.Emit(OpCodes.Ldc_I8, bits); break;
            default: il.Emit(OpCodes.Ldc_I4, (int)bits); break;
        }
    }

    /// <summary>The value on the stack with the same bits as another type of its size.</summary>
    public static void Reinterpret(ILGenerator il, LaneType from, LaneType to)
    {
        if (from.IsFloat() == to.IsFloat()) return;
        var type = from.IsFloat() ? from.Element() : to.Size() == 8 ? typeof(ulong) : typeof(uint);
        il.Emit(OpCodes.Call, typeof(Interop).GetMethod(from.IsFloat() ? nameof(Interop.FloatAsInt) : nameof(Interop.IntAsFloat), [type])!);
    }

    private static void Convert(ILGenerator il, LaneType from, LaneType to)
    {
        if (!from.IsMask()) Call(il, $"To{to}", from, 1);
    }

    private static void Shift(ILGenerator il, OpCode shift, LaneNode node)
    {
        il.Emit(OpCodes.Ldc_I4, (int)node.Bits);
        il.Emit(shift);
    }
}

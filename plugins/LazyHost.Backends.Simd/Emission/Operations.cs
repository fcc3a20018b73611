using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Emits one operation: a call of the method that does it, which RyuJIT turns into an instruction.</summary>
internal static class Operations
{
    /// <summary>Pushes the result of a node whose operands <paramref name="push"/> pushes.</summary>
    public static void Emit(ILGenerator il, VectorMethods methods, LaneGraph graph, LaneNode node, int lanes, Action<int> push)
    {
        var from = graph.Nodes[node.A].Type;
        switch (node.Op)
        {
            case LaneOp.Convert:
                push(node.A);
                Convert(il, methods, from, node.Type, lanes);
                return;
            case LaneOp.Reinterpret:
                push(node.A);
                Reinterpret(il, methods, from, node.Type, lanes);
                return;
            case LaneOp.Equals or LaneOp.LessThan or LaneOp.LessThanOrEqual:
                push(node.A);
                push(node.B);
                il.Emit(OpCodes.Call, methods.Find(node.Op.ToString(), from, lanes, 2));
                Reinterpret(il, methods, from, node.Type, lanes);
                return;
            case LaneOp.ConditionalSelect:
                push(node.A);
                Reinterpret(il, methods, from, node.Type, lanes);
                push(node.B);
                push(node.C);
                il.Emit(OpCodes.Call, lanes == 1 ? methods.Find(typeof(ScalarFunctions), nameof(ScalarFunctions.ConditionalSelect), node.Type.ScalarElement(), typeof(bool), 3)
                    : methods.Find("ConditionalSelect", node.Type, lanes, 3));
                return;
            case LaneOp.ShiftLeft or LaneOp.ShiftRightLogical or LaneOp.ShiftRightArithmetic:
                push(node.A);
                il.Emit(OpCodes.Ldc_I4, (int)node.Bits);
                il.Emit(OpCodes.Call, methods.Find(node.Op.ToString(), node.Type, lanes, 2));
                return;
            case LaneOp.PickLess or LaneOp.PickGreater when lanes == 1:
                break;
            case LaneOp.PickLess or LaneOp.PickGreater or LaneOp.Scale or LaneOp.Function:
                push(node.A);
                if (node.B >= 0) push(node.B);
                il.Emit(OpCodes.Call, methods.Find(typeof(LaneFunctions), node.Op == LaneOp.Function ? node.Function.ToString() : node.Op.ToString(), node.Type.Element(), VectorMethods.TypeOf(from, lanes), node.B >= 0 ? 2 : 1));
                return;
        }
        push(node.A);
        if (node.B >= 0) push(node.B);
        if (node.C >= 0) push(node.C);
        il.Emit(OpCodes.Call, methods.Find(node.Op.ToString(), node.Type, lanes, node.C >= 0 ? 3 : node.B >= 0 ? 2 : 1));
    }

    /// <summary>Turns one value on the stack into a vector of equal lanes; a bool becomes a mask.</summary>
    public static void Splat(ILGenerator il, VectorMethods methods, LaneType type, int lanes)
    {
        if (lanes == 1) return;
        if (type.IsMask())
        {
            il.Emit(OpCodes.Neg);
            if (type == LaneType.M64) il.Emit(OpCodes.Conv_I8);
        }
        il.Emit(OpCodes.Call, methods.Find(VectorMethods.VectorClass(lanes * type.Size() * 8), "Create", type.Element(), type.Element(), 1));
    }

    private static void Reinterpret(ILGenerator il, VectorMethods methods, LaneType from, LaneType to, int lanes)
    {
        var (a, b) = lanes == 1 ? (from.ScalarElement(), to.ScalarElement()) : (from.Element(), to.Element());
        if (a == b || (lanes == 1 && (from.IsMask() || to.IsMask()))) return;
        var owner = lanes == 1 ? typeof(ScalarFunctions) : VectorMethods.VectorClass(lanes * from.Size() * 8);
        var name = lanes == 1 ? nameof(ScalarFunctions.Reinterpret) : "As";
        il.Emit(OpCodes.Call, owner.GetMethods().First(m => m.Name == name && m.GetGenericArguments().Length == 2).MakeGenericMethod(a, b));
    }

    private static void Convert(ILGenerator il, VectorMethods methods, LaneType from, LaneType to, int lanes)
    {
        if (lanes == 1)
        {
            if (from.IsMask()) return;
            il.Emit(OpCodes.Call, typeof(ScalarFunctions).GetMethod(nameof(ScalarFunctions.Convert))!.MakeGenericMethod(from.Element(), to.Element()));
            return;
        }
        var bits = lanes * from.Size() * 8;
        var vector = VectorMethods.TypeOf(from, lanes);
        var (owner, name) = (from, to) switch
        {
            (LaneType.M32, LaneType.M64) or (LaneType.I32 or LaneType.U32, LaneType.I64) => (typeof(LaneFunctions), "ToI64"),
            (LaneType.M64, LaneType.M32) or (LaneType.I64, LaneType.I32) => (typeof(LaneFunctions), "ToI32"),
            (LaneType.F32, LaneType.F64) => (typeof(LaneFunctions), "ToF64"),
            (LaneType.F64, LaneType.F32) => (typeof(LaneFunctions), "ToF32"),
            (_, LaneType.F32) => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToSingle)),
            (_, LaneType.F64) => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToDouble)),
            (_, LaneType.I32) => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToInt32)),
            (_, LaneType.U32) => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToUInt32)),
            (_, LaneType.I64) => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToInt64)),
            _ => (VectorMethods.VectorClass(bits), nameof(Vector512.ConvertToUInt64)),
        };
        il.Emit(OpCodes.Call, methods.Find(owner, name, from.Element(), vector, 1));
    }

    /// <summary>True when vectors can do this conversion with the bits that single lanes give.</summary>
    public static bool HasVectorForm(LaneType from, LaneType to) => !((from is LaneType.I64 or LaneType.U64) && to == LaneType.F32);
}

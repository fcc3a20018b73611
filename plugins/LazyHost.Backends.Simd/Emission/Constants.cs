using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Pushes literals.</summary>
internal static class Constants
{
    public static void Push(ILGenerator il, VectorMethods methods, LaneNode node, int lanes)
    {
        if (lanes > 1 && node.Type.IsMask()) Literal(il, node.Type, node.Bits != 0 ? -1 : 0);
        else Literal(il, node.Type, node.Bits);
        if (lanes > 1) il.Emit(OpCodes.Call, methods.Find(VectorMethods.VectorClass(lanes * node.Type.Size() * 8), "Create", node.Type.Element(), node.Type.Element(), 1));
    }

    private static void Literal(ILGenerator il, LaneType type, long bits)
    {
        switch (type)
        {
            case LaneType.F32: il.Emit(OpCodes.Ldc_R4, BitConverter.Int32BitsToSingle((int)bits)); break;
            case LaneType.F64: il.Emit(OpCodes.Ldc_R8, BitConverter.Int64BitsToDouble(bits)); break;
            case LaneType.I64 or LaneType.U64 or LaneType.M64: il.Emit(OpCodes.Ldc_I8, bits); break;
            default: il.Emit(OpCodes.Ldc_I4, (int)bits); break;
        }
    }
}

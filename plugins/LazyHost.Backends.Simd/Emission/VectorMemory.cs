using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Loads and stores of packed elements of any type as lanes.</summary>
internal static class VectorMemory
{
    /// <summary>Replaces the address on the stack by the lanes loaded from it.</summary>
    public static void Load(KernelCode code, int access, LaneType type, int lanes)
    {
        var stored = code.Kernel.Accesses[access].DType;
        if (stored.Size() < 4)
        {
            var kind = stored switch { DType.Int8 => "Int8", DType.Int16 => "Int16", DType.Bool or DType.UInt8 => "UInt8", _ => "UInt16" };
            code.Il.Emit(OpCodes.Call, typeof(LaneFunctions).GetMethod($"Load{kind}x{lanes}")!);
        }
        else if (lanes > 1)
        {
            var element = type.Element();
            code.Il.Emit(OpCodes.Call, code.Methods.Find(VectorMethods.VectorClass(lanes * type.Size() * 8), "Load", element, element.MakePointerType(), 1));
        }
        else
        {
            code.Il.Emit(OpCodes.Ldobj, type.Element());
        }
    }

    /// <summary>Stores: <paramref name="push"/> pushes the lanes, <paramref name="address"/> the address.</summary>
    public static void Store(KernelCode code, int access, LaneType type, int lanes, Action address, Action push)
    {
        var size = code.Size(access);
        if (size < 4)
        {
            address();
            push();
            code.Il.Emit(OpCodes.Call, typeof(LaneFunctions).GetMethod($"Store{size * 8}x{lanes}")!);
        }
        else if (lanes > 1)
        {
            push();
            address();
            code.Il.Emit(OpCodes.Call, code.Methods.Find(VectorMethods.VectorClass(lanes * type.Size() * 8), "Store", type.Element(), VectorMethods.TypeOf(type, lanes), 2));
        }
        else
        {
            address();
            push();
            code.Il.Emit(OpCodes.Stobj, type.Element());
        }
    }
}

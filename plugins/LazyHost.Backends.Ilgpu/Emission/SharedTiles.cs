using System.Reflection.Emit;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Shared memory and barriers.</summary>
internal static class SharedTiles
{
    /// <summary>Reserves elements that the threads of a group share.</summary>
    public static LocalBuilder Allocate(KernelWriter code, Type element, int count)
    {
        var view = code.Il.DeclareLocal(Members.View(element));
        code.Il.Emit(OpCodes.Ldc_I4, count);
        code.Il.Emit(OpCodes.Call, typeof(SharedMemory).GetMethod(nameof(SharedMemory.Allocate), 1, [typeof(int)])!.MakeGenericMethod(element));
        code.Il.Emit(OpCodes.Stloc, view);
        return view;
    }

    public static void Barrier(ILGenerator il) => il.Emit(OpCodes.Call, typeof(Group).GetMethod(nameof(Group.Barrier), Type.EmptyTypes)!);
}

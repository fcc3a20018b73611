using System.Reflection.Emit;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Element-wise kernels: the threads of the grid share the points, one or several neighbours at a time.</summary>
internal static class MapEmitter
{
    public static void Emit(KernelWriter code)
    {
        var (il, copies, stores) = (code.Il, code.Schedule.Copies, code.Source.Stages[0].Stores);
        Common.Begin(code);
        code.SetBases(0);
        IlLoops.Grid(code, () =>
        {
            code.PushNumber(code.Data.OuterCount);
            if (copies == 1) return;
            il.Emit(OpCodes.Ldc_I4, int.Log2(copies));
            il.Emit(OpCodes.Shr_Un);
        }, position =>
        {
            var rest = il.DeclareLocal(code.Index);
            il.Emit(OpCodes.Ldloc, position);
            il.Emit(OpCodes.Stloc, rest);
            code.Split(rest, Enumerable.Range(0, code.Kernel.Sizes.Count), copies);
            Common.Stores(code, stores, copies);
        });
    }
}

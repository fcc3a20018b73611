using LazyHost.Lowering.Lanes;
using System.Reflection.Emit;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Emits an element-wise kernel: rows of the last loop, one run each. Begin and end count points, so a long row can be shared between threads.</summary>
internal static class MapEmitter
{
    public static KernelBody Emit(TranslatedKernel source, VectorMethods methods, int lanes)
    {
        var last = source.Kernel.Sizes.Count - 1;
        var code = new KernelCode(source, methods, lanes, last);
        var il = code.Il;
        var dependence = new Dependence(source, last, isColumn: false);
        var run = new RunEmitter(code, dependence, source.Stages[0]);
        code.Begin(0);
        var (scalars, vectors) = (new Dictionary<int, LocalBuilder>(), new Dictionary<int, LocalBuilder>());
        code.Prepare(run.Frontier.Where(id => !dependence.Moves(id)), scalars, vectors);
        var loops = code.Loops(0, last + 1);
        var (left, count, column) = (il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)), code.Indices[last]);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Stloc, left);
        il.Decompose(left, loops);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Stloc, left);
        il.WhileAtLeast(left, 1, () =>
        {
            il.Copy(count, left);
            code.PushSize(last);
            il.Emit(OpCodes.Ldloc, column);
            il.Emit(OpCodes.Sub);
            il.Lower(count);
            run.Emit(count, null, scalars, vectors);
            il.Emit(OpCodes.Ldloc, left);
            il.Emit(OpCodes.Ldloc, count);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Stloc, left);
            il.Set(column, 0); // a run ends at the end of its row, or of all
            if (last > 0) il.Advance(loops[..last]);
        });
        return code.Finish();
    }
}

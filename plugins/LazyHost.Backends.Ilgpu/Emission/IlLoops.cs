using System.Reflection.Emit;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Loops over positions.</summary>
internal static class IlLoops
{
    /// <summary>for (i = begin; i &lt; end; i += step) body.</summary>
    public static void For(KernelWriter code, LocalBuilder i, Action begin, Action end, Action step, Action body)
    {
        begin();
        code.Il.Emit(OpCodes.Stloc, i);
        From(code, i, end, step, body);
    }

    /// <summary>for (; i &lt; end; i += step) body.</summary>
    public static void From(KernelWriter code, LocalBuilder i, Action end, Action step, Action body)
    {
        var il = code.Il;
        var (head, exit) = (il.DefineLabel(), il.DefineLabel());
        il.MarkLabel(head);
        il.Emit(OpCodes.Ldloc, i);
        end();
        il.Emit(OpCodes.Bge, exit);
        body();
        il.Emit(OpCodes.Ldloc, i);
        step();
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, i);
        il.Emit(OpCodes.Br, head);
        il.MarkLabel(exit);
    }

    /// <summary>A loop over positions that the threads of the grid share; its body gets the position.</summary>
    public static void Grid(KernelWriter code, Action end, Action<LocalBuilder> body)
    {
        var (i, step, last) = (code.Il.DeclareLocal(code.Index), code.Il.DeclareLocal(code.Index), code.Il.DeclareLocal(code.Index));
        end();
        code.Il.Emit(OpCodes.Stloc, last);
        PushThreads(nameof(ILGPU.Grid.DimX));
        code.Il.Emit(OpCodes.Stloc, step);
        For(code, i, () =>
        {
            PushThreads(nameof(ILGPU.Grid.IdxX));
            code.PushDevice(typeof(Group), nameof(Group.IdxX));
            code.Il.Emit(OpCodes.Add);
        }, () => code.Il.Emit(OpCodes.Ldloc, last), () => code.Il.Emit(OpCodes.Ldloc, step), () => body(i));

        void PushThreads(string groups)
        {
            code.PushDevice(typeof(Grid), groups);
            code.PushDevice(typeof(Group), nameof(Group.DimX));
            code.Il.Emit(OpCodes.Mul);
        }
    }

    /// <summary>A loop over positions that groups share; its body gets the position, the same for all threads of a group.</summary>
    public static void Groups(KernelWriter code, Action end, Action<LocalBuilder> body)
    {
        var (i, last) = (code.Il.DeclareLocal(code.Index), code.Il.DeclareLocal(code.Index));
        end();
        code.Il.Emit(OpCodes.Stloc, last);
        For(code, i, () => code.PushDevice(typeof(Grid), nameof(ILGPU.Grid.IdxX)), () => code.Il.Emit(OpCodes.Ldloc, last),
            () => code.PushDevice(typeof(Grid), nameof(ILGPU.Grid.DimX)), () => body(i));
    }
}

using System.Reflection.Emit;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Loops and small arithmetic on 64-bit locals.</summary>
internal static class IlLoops
{
    /// <summary>while (left >= right) body.</summary>
    public static void WhileAtLeast(this ILGenerator il, LocalBuilder left, long right, Action body)
    {
        var (test, top) = (il.DefineLabel(), il.DefineLabel());
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        body();
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Ldc_I8, right);
        il.Emit(OpCodes.Bge, top);
    }

    /// <summary>for (index = 0; index &lt; size; index++) body.</summary>
    public static void For(this ILGenerator il, LocalBuilder index, Action pushSize, Action body)
    {
        var (test, top) = (il.DefineLabel(), il.DefineLabel());
        il.Set(index, 0);
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(top);
        body();
        il.Increase(index, 1);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, index);
        pushSize();
        il.Emit(OpCodes.Blt, top);
    }

    public static void Set(this ILGenerator il, LocalBuilder local, long value)
    {
        il.Emit(OpCodes.Ldc_I8, value);
        il.Emit(OpCodes.Stloc, local);
    }

    public static void Copy(this ILGenerator il, LocalBuilder to, LocalBuilder from)
    {
        il.Emit(OpCodes.Ldloc, from);
        il.Emit(OpCodes.Stloc, to);
    }

    public static void Increase(this ILGenerator il, LocalBuilder local, long by)
    {
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldc_I8, by);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, local);
    }

    public static void Increase(this ILGenerator il, LocalBuilder local, LocalBuilder by, long times = 1)
    {
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Ldloc, by);
        if (times != 1)
        {
            il.Emit(OpCodes.Ldc_I8, times);
            il.Emit(OpCodes.Mul);
        }
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, local);
    }

    /// <summary>local = min(local, what is on the stack).</summary>
    public static void Lower(this ILGenerator il, LocalBuilder local)
    {
        il.Emit(OpCodes.Ldloc, local);
        il.Emit(OpCodes.Call, typeof(Math).GetMethod(nameof(Math.Min), [typeof(long), typeof(long)])!);
        il.Emit(OpCodes.Stloc, local);
    }

    /// <summary>Splits a flat position into indices of loops, the last one fastest.</summary>
    public static void Decompose(this ILGenerator il, LocalBuilder position, IReadOnlyList<(LocalBuilder Index, Action PushSize)> loops)
    {
        var rest = il.DeclareLocal(typeof(long));
        il.Copy(rest, position);
        for (var i = loops.Count - 1; i >= 0; i--)
        {
            if (i == 0) { il.Copy(loops[0].Index, rest); return; }
            il.Emit(OpCodes.Ldloc, rest);
            loops[i].PushSize();
            il.Emit(OpCodes.Rem_Un);
            il.Emit(OpCodes.Stloc, loops[i].Index);
            il.Emit(OpCodes.Ldloc, rest);
            loops[i].PushSize();
            il.Emit(OpCodes.Div_Un);
            il.Emit(OpCodes.Stloc, rest);
        }
    }

    /// <summary>Moves to the next point: the last loop fastest.</summary>
    public static void Advance(this ILGenerator il, IReadOnlyList<(LocalBuilder Index, Action PushSize)> loops)
    {
        var done = il.DefineLabel();
        for (var i = loops.Count - 1; i >= 0; i--)
        {
            il.Increase(loops[i].Index, 1);
            if (i == 0) break;
            il.Emit(OpCodes.Ldloc, loops[i].Index);
            loops[i].PushSize();
            il.Emit(OpCodes.Blt, done);
            il.Set(loops[i].Index, 0);
        }
        il.MarkLabel(done);
    }
}

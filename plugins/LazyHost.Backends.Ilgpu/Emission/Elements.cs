using System.Reflection.Emit;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Emits loads and stores, of one element or of the several that fill a unit of memory.</summary>
internal static class Elements
{
    /// <summary>Loads an access into a local for each point, or into one for all of them.</summary>
    public static void Load(KernelWriter code, LaneNode node, LocalBuilder[] own, Action<int> pushFill)
    {
        var il = code.Il;
        if (code.Turned.TryGetValue(node.Index, out var push))
        {
            push();
            il.Emit(OpCodes.Stloc, own[0]);
            return;
        }
        var isWide = code.Schedule.Modes[node.Index] == AccessMode.Wide;
        var isGuarded = code.Kernel.Accesses[node.Index].Guards.Count > 0;
        for (var copy = 0; copy < (isWide ? 1 : own.Length); copy++)
        {
            LocalBuilder[] targets = isWide ? own : [own[copy]];
            var (outside, end) = (il.DefineLabel(), il.DefineLabel());
            if (isGuarded) code.CheckGuards(node.Index, copy, outside);
            code.PushAddress(node.Index, copy);
            var type = KernelParameter.Of(code.Kernel, code.Schedule, node.Index).Type;
            Members.Load(il, type);
            if (isWide) Unpack(code, node, type, targets);
            else il.Emit(OpCodes.Stloc, targets[0]);
            if (!isGuarded) continue;
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(outside);
            foreach (var target in targets)
            {
                pushFill(code.Source.Fills[node.Index]);
                il.Emit(OpCodes.Stloc, target);
            }
            il.MarkLabel(end);
        }
    }

    /// <summary>Stores the values of all points a thread takes.</summary>
    public static void Store(KernelWriter code, int access, int copies, Action<int> push)
    {
        var (il, dtype) = (code.Il, code.Kernel.Accesses[access].DType);
        var type = KernelParameter.Of(code.Kernel, code.Schedule, access).Type;
        if (code.Schedule.Modes[access] != AccessMode.Wide)
        {
            for (var copy = 0; copy < copies; copy++)
            {
                code.PushAddress(access, copy);
                push(copy);
                Members.Store(il, type);
            }
            return;
        }
        code.PushAddress(access, 0);
        var size = dtype.Size();
        for (var word = 0; word < Math.Max(1, size * copies / Math.Max(4, size)); word++)
        {
            var perWord = Math.Max(1, Math.Min(copies, 4 / size));
            for (var i = 0; i < perWord; i++)
            {
                push((word * perWord) + i);
                if (dtype.IsFloat() && size >= 4) Operations.Reinterpret(il, LaneTypes.Of(dtype), size == 8 ? LaneType.I64 : LaneType.I32);
                if (size >= 4) continue;
                il.Emit(OpCodes.Ldc_I4, size == 1 ? 0xFF : 0xFFFF);
                il.Emit(OpCodes.And);
                if (i == 0) continue;
                il.Emit(OpCodes.Ldc_I4, i * size * 8);
                il.Emit(OpCodes.Shl);
                il.Emit(OpCodes.Or);
            }
        }
        if (!type.IsPrimitive) il.Emit(OpCodes.Call, type.GetMethod(nameof(Words4.Of))!);
        Members.Store(il, type);
    }

    /// <summary>Takes the unit on the stack apart.</summary>
    private static void Unpack(KernelWriter code, LaneNode node, Type type, LocalBuilder[] targets)
    {
        var (il, dtype) = (code.Il, code.Kernel.Accesses[node.Index].DType);
        var (size, unit) = (dtype.Size(), code.Locals.Rent(type));
        il.Emit(OpCodes.Stloc, unit);
        for (var i = 0; i < targets.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, unit);
            if (!type.IsPrimitive) il.Emit(OpCodes.Ldfld, type.GetField("XYZW"[i * size / Math.Max(4, size)].ToString())!);
            if (size < 4)
            {
                var place = i * size % 4 * 8;
                // Up to the top, then down again: the sign follows where the type has one.
                il.Emit(OpCodes.Ldc_I4, 32 - (size * 8) - place);
                il.Emit(OpCodes.Shl);
                il.Emit(OpCodes.Ldc_I4, 32 - (size * 8));
                il.Emit(dtype is DType.Int8 or DType.Int16 ? OpCodes.Shr : OpCodes.Shr_Un);
            }
            else if (dtype.IsFloat())
            {
                if (size == 8) il.Emit(OpCodes.Conv_U8);
                else il.Emit(OpCodes.Conv_U4);
                Operations.Reinterpret(il, size == 8 ? LaneType.U64 : LaneType.U32, LaneTypes.Of(dtype));
            }
            il.Emit(OpCodes.Stloc, targets[i]);
        }
        code.Locals.Return(unit);
    }
}

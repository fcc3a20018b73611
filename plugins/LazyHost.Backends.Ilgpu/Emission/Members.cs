using System.Reflection;
using System.Reflection.Emit;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Views and elements in IL.</summary>
internal static class Members
{
    /// <summary>The indexer of a view, by the type of its elements and of positions.</summary>
    public static MethodInfo Item(Type element, Type index) => View(element).GetProperty("Item", element.MakeByRefType(), [index])!.GetMethod!;

    public static Type View(Type element) => typeof(ArrayView<>).MakeGenericType(element);

    /// <summary>Replaces the address on the stack by the element there.</summary>
    public static void Load(ILGenerator il, Type type)
    {
        if (type == typeof(byte)) il.Emit(OpCodes.Ldind_U1);
        else if (type == typeof(sbyte)) il.Emit(OpCodes.Ldind_I1);
        else if (type == typeof(ushort)) il.Emit(OpCodes.Ldind_U2);
        else if (type == typeof(short)) il.Emit(OpCodes.Ldind_I2);
        else if (type == typeof(int)) il.Emit(OpCodes.Ldind_I4);
        else if (type == typeof(uint)) il.Emit(OpCodes.Ldind_U4);
        else if (type == typeof(long) || type == typeof(ulong)) il.Emit(OpCodes.Ldind_I8);
        else if (type == typeof(float)) il.Emit(OpCodes.Ldind_R4);
        else if (type == typeof(double)) il.Emit(OpCodes.Ldind_R8);
        else il.Emit(OpCodes.Ldobj, type);
    }

    /// <summary>Stores the value on the stack at the address below it.</summary>
    public static void Store(ILGenerator il, Type type)
    {
        if (type == typeof(byte) || type == typeof(sbyte)) il.Emit(OpCodes.Stind_I1);
        else if (type == typeof(ushort) || type == typeof(short)) il.Emit(OpCodes.Stind_I2);
        else if (type == typeof(int) || type == typeof(uint)) il.Emit(OpCodes.Stind_I4);
        else if (type == typeof(long) || type == typeof(ulong)) il.Emit(OpCodes.Stind_I8);
        else if (type == typeof(float)) il.Emit(OpCodes.Stind_R4);
        else if (type == typeof(double)) il.Emit(OpCodes.Stind_R8);
        else il.Emit(OpCodes.Stobj, type);
    }
}

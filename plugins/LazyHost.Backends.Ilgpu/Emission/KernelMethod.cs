using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>
/// The type a kernel becomes: its method, the delegate type that launches it, and an adapter that gives the delegate views of the types it asks for. An assembly each,
/// which is collected when nothing uses it.
/// </summary>
internal static class KernelMethod
{
    /// <summary>The assembly kernels are made in; it sees what is internal here.</summary>
    public const string AssemblyName = "LazyHost.Backends.Ilgpu.Kernels";

    public const string KernelName = "Kernel", AdapterName = "Launch";

    /// <summary>Makes the type of a kernel, and the type of its launcher.</summary>
    public static (Type Kernel, Type Launcher) Build(KernelParameter[] parameters, Action<ILGenerator> emit)
    {
        var module = AssemblyBuilder.DefineDynamicAssembly(new(AssemblyName), AssemblyBuilderAccess.RunAndCollect).DefineDynamicModule(AssemblyName);
        return Define(module, parameters, emit);
    }

    /// <summary>Writes the same as a file, to be looked at.</summary>
    public static void Save(string path, KernelParameter[] parameters, Action<ILGenerator> emit)
    {
        var assembly = new PersistedAssemblyBuilder(new(AssemblyName), typeof(object).Assembly);
        Define(assembly.DefineDynamicModule(AssemblyName), parameters, emit);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        assembly.Save(path);
    }

    private static (Type Kernel, Type Launcher) Define(ModuleBuilder module, KernelParameter[] parameters, Action<ILGenerator> emit)
    {
        Type[] views = [typeof(ArrayView<long>), typeof(ArrayView<long>), .. parameters.Select(p => Members.View(p.Type))];
        var launcher = DefineLauncher(module, [typeof(AcceleratorStream), typeof(KernelConfig), .. views]);
        var type = module.DefineType("Kernels", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var kernel = type.DefineMethod(KernelName, MethodAttributes.Public | MethodAttributes.Static, typeof(void), views);
        emit(kernel.GetILGenerator());
        var adapter = type.DefineMethod(AdapterName, MethodAttributes.Public | MethodAttributes.Static, typeof(void),
            [typeof(Delegate), typeof(AcceleratorStream), typeof(KernelConfig), typeof(ArrayView<long>), typeof(ArrayView<long>), typeof(ArrayView<byte>[])]);
        EmitAdapter(adapter.GetILGenerator(), launcher, parameters);
        return (type.CreateType(), launcher);
    }

    private static Type DefineLauncher(ModuleBuilder module, Type[] parameters)
    {
        var type = module.DefineType("Launcher", TypeAttributes.Public | TypeAttributes.Sealed, typeof(MulticastDelegate));
        type.DefineConstructor(MethodAttributes.RTSpecialName | MethodAttributes.HideBySig | MethodAttributes.Public, CallingConventions.Standard, [typeof(object), typeof(nint)])
            .SetImplementationFlags(MethodImplAttributes.Runtime | MethodImplAttributes.Managed);
        type.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Virtual, typeof(void), parameters)
            .SetImplementationFlags(MethodImplAttributes.Runtime | MethodImplAttributes.Managed);
        return type.CreateType();
    }

    private static void EmitAdapter(ILGenerator il, Type launcher, KernelParameter[] parameters)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Castclass, launcher);
        for (byte i = 1; i <= 4; i++) il.Emit(OpCodes.Ldarg_S, i);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_S, (byte)5);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldelema, typeof(ArrayView<byte>));
            il.Emit(OpCodes.Call, typeof(ArrayView<byte>).GetMethod(nameof(ArrayView<byte>.Cast))!.MakeGenericMethod(parameters[i].Type));
        }
        il.Emit(OpCodes.Callvirt, launcher.GetMethod("Invoke")!);
        il.Emit(OpCodes.Ret);
    }
}

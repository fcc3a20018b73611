using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using ILGPU;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>
/// Refuses what ILGPU compiles wrongly or dies of, before it sees it: pointer-sized integers (its type tables recurse until the stack ends), System.Half and objects,
/// unordered comparisons of floats (its OpenCL compiler forgets that NaN passes), signed division of integers (by a literal power of two it becomes a shift),
/// conversions from unsigned on the stack, and functions of Math and MathF that become approximations or lose NaN.
/// </summary>
internal static class KernelValidator
{
    private static readonly HashSet<OpCode> Unordered =
    [
        OpCodes.Clt_Un, OpCodes.Cgt_Un, OpCodes.Blt_Un, OpCodes.Blt_Un_S, OpCodes.Ble_Un, OpCodes.Ble_Un_S, OpCodes.Bgt_Un, OpCodes.Bgt_Un_S, OpCodes.Bge_Un, OpCodes.Bge_Un_S,
    ];

    private static readonly ConcurrentDictionary<MethodBase, string> Faults = [];

    /// <summary>Checks a kernel and all it calls.</summary>
    /// <exception cref="CompilationException">Something in it must not reach the compiler.</exception>
    public static void Check(MethodInfo kernel)
    {
        var (seen, stack) = (new HashSet<MethodBase> { kernel }, new Stack<MethodBase>([kernel]));
        while (stack.TryPop(out var method))
        {
            // What is the plugin's own stays; the types of kernels come and go.
            var fault = method.Module == typeof(KernelValidator).Module ? Faults.GetOrAdd(method, Find) : Find(method);
            if (fault.Length > 0) throw new CompilationException($"{method.DeclaringType?.Name}.{method.Name} must not become a kernel: {fault}");
            foreach (var (_, called) in IlReader.Read(method))
                if (called is not null && IsOwn(called) && seen.Add(called)) stack.Push(called);
        }
    }

    private static bool IsOwn(MethodBase method) => !IsForeign(method) && !method.IsDefined(typeof(ILGPU.IR.Intrinsics.IntrinsicImplementationAttribute));

    private static bool IsForeign(MethodBase method) => method.Module == typeof(Context).Module || method.Module == typeof(object).Module
        || method.DeclaringType?.Assembly.GetName().Name?.StartsWith("ILGPU", StringComparison.Ordinal) == true;

    private static string Find(MethodBase method)
    {
        var body = method.GetMethodBody();
        if (body is null) return "it has no body";
        Type[] types = [.. method.GetParameters().Select(p => p.ParameterType), .. body.LocalVariables.Select(l => l.LocalType), method is MethodInfo m ? m.ReturnType : typeof(void)];
        foreach (var type in types)
            if (Refused(type) is { } fault) return fault;
        var (hasFloats, hasIntegers) = (Array.Exists(types, HasFloats), Array.Exists(types, t => Element(t).IsPrimitive && !HasFloats(t) && t != typeof(bool)));
        foreach (var (code, called) in IlReader.Read(method))
        {
            if (hasFloats && Unordered.Contains(code)) return $"it has {code.Name} and floats; compare with ceq, clt and cgt";
            if (code == OpCodes.Div && hasIntegers) return "it has a signed division; divide magnitudes";
            if (code == OpCodes.Conv_R_Un) return "it converts an unsigned integer to a float on the stack; convert by i64";
            if (called is null) continue;
            if (called.DeclaringType == typeof(Math) || called.DeclaringType == typeof(MathF)) return $"it calls {called.DeclaringType.Name}.{called.Name}; devices have no exact one";
            if (called.DeclaringType?.Module == typeof(object).Module) return $"it calls {called.DeclaringType}.{called.Name}";
        }
        return "";
    }

    private static string? Refused(Type type)
    {
        if (type.IsByRef || type.IsPointer) return Refused(type.GetElementType()!);
        if (type == typeof(nint) || type == typeof(nuint)) return "it has a pointer-sized integer";
        if (type == typeof(System.Half) || type == typeof(decimal)) return $"it has a {type.Name}";
        if (type == typeof(void) || type.IsPrimitive) return type == typeof(char) ? "it has a char" : null;
        if (!type.IsValueType) return $"it has an object of type {type.Name}";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ArrayView<>)) return Refused(type.GetGenericArguments()[0]);
        if (type.Module == typeof(Context).Module) return null;
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(f => Refused(f.FieldType)).FirstOrDefault(fault => fault is not null);
    }

    private static bool HasFloats(Type type) => Element(type) == typeof(float) || Element(type) == typeof(double);

    private static Type Element(Type type) => type.IsByRef ? type.GetElementType()! : type.IsGenericType ? type.GetGenericArguments()[0] : type;
}

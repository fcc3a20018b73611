using System.Reflection.Emit;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Locals of a method, by type, for values that come and go.</summary>
internal sealed class LocalPool(ILGenerator il)
{
    private readonly Dictionary<Type, Stack<LocalBuilder>> free = [];

    public LocalBuilder Rent(Type type) => free.TryGetValue(type, out var stack) && stack.TryPop(out var local) ? local : il.DeclareLocal(type);

    public void Return(LocalBuilder local)
    {
        if (!free.TryGetValue(local.LocalType, out var stack)) free[local.LocalType] = stack = new();
        stack.Push(local);
    }
}

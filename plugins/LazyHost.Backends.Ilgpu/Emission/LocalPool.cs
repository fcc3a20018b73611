using System.Reflection.Emit;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Locals that are used again once their value has had its last use.</summary>
internal sealed class LocalPool(ILGenerator il)
{
    private readonly Dictionary<Type, Stack<LocalBuilder>> free = [];

    public LocalBuilder Rent(Type type) => free.TryGetValue(type, out var locals) && locals.TryPop(out var local) ? local : il.DeclareLocal(type);

    public void Return(LocalBuilder local)
    {
        if (!free.TryGetValue(local.LocalType, out var locals)) free.Add(local.LocalType, locals = new());
        locals.Push(local);
    }
}

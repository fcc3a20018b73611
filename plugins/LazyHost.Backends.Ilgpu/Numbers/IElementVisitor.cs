using System.Numerics;

namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Something done for the .NET types of an element type.</summary>
internal interface IElementVisitor<TResult>
{
    TResult Visit<TStored, T, TStorage>() where TStored : unmanaged where T : unmanaged, INumber<T>, IMinMaxValue<T> where TStorage : struct, IStorage<TStored, T>;
}

using System.Numerics;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Something done for the .NET type of an element type.</summary>
internal interface INumberVisitor<TResult>
{
    TResult Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

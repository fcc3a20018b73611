namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>An associative operation.</summary>
internal interface IFold<T>
{
    static abstract T Apply(T a, T b);
}

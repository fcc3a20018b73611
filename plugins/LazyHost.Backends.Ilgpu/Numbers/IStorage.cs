namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>How elements lie in memory, and what kernels compute with. The code of every implementation must be something ILGPU can compile.</summary>
internal interface IStorage<TStored, T>
{
    static abstract T Widen(TStored stored);

    static abstract TStored Narrow(T value);
}

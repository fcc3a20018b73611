using ILGPU;

namespace LazyHost.Backends.Ilgpu.TensorCores;

/// <summary>How sums are stored.</summary>
internal interface ISumStorage<TTarget> where TTarget : unmanaged
{
    static abstract void One(ArrayView<TTarget> to, long place, float sum);

    /// <summary>Two neighbours, of which the first has an even place.</summary>
    static abstract void Two(ArrayView<TTarget> to, long place, float first, float second);
}

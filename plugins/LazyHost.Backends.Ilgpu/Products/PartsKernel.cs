using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Adds up what groups that shared the depth of a product have summed, part by part.</summary>
internal static class PartsKernel
{
    public static void Run<TStored, T, TStorage, TPlaces>(ArrayView<T> sums, ArrayView<TStored> to, TPlaces places, ProductSizes sizes, int parts)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T> where TPlaces : struct, IPlaces
    {
        var size = sizes.M * sizes.N;
        for (var i = Walk.First; i < sizes.Batch * size; i += Walk.Step)
        {
            var batch = Division.Divide(i, size, out var inBatch);
            var row = Division.Divide(inBatch, sizes.N, out var column);
            var sum = T.Zero;
            for (var part = 0; part < parts; part++) sum += sums[(((batch * parts) + part) * size) + inBatch];
            var results = places;
            results.Begin(batch);
            to[results.Place((int)row, (int)column)] = TStorage.Narrow(sum);
        }
    }
}

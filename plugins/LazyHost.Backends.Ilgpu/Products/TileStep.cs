using System.Numerics;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>A batch of matrix products by tiles.</summary>
internal sealed class TileStep<TStored, T, TStorage>(DeviceSession session, DotStep step) : DeviceStep where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly TileProduct<TStored, T, TStorage, MatrixLines, MatrixLines, MatrixPlaces>? numbers = QuadLines.Fit(step) ? null : new(session, new(step.Batch, step.M, step.N, step.K));
    private readonly TileProduct<TStored, T, TStorage, QuadLines, QuadLines, MatrixPlaces>? quads = QuadLines.Fit(step) ? new(session, new(step.Batch, step.M, step.N, step.K)) : null;

    public override void Enqueue(RunContext context)
    {
        var (a, b, c) = (step.A, step.B, step.C);
        var (m, n, k) = ((int)step.M, (int)step.N, (int)step.K);
        var (left, right, results, places) = (context.View<TStored>(a.Buffer), context.View<TStored>(b.Buffer), context.View<TStored>(c.Buffer), new MatrixPlaces(c.Offset, c.BatchStride, m, n));
        numbers?.Enqueue(context, left, right, results, new(a.Offset, a.BatchStride, a.RowStride, a.ColumnStride, m, k), new(b.Offset, b.BatchStride, b.ColumnStride, b.RowStride, n, k), places);
        quads?.Enqueue(context, left, right, results, new(a.Offset, a.BatchStride, a.RowStride, a.ColumnStride, m, k), new(b.Offset, b.BatchStride, b.ColumnStride, b.RowStride, n, k), places);
    }
}

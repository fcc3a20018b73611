using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Runs <see cref="LineKernel"/>, on the turned product where B is the larger side.</summary>
internal sealed class LineStep<TStored, T, TStorage> : DeviceStep where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly Launcher launch;
    private readonly int a, b, c, rowsLog;
    private readonly StridedMatrix placeA, placeB, placeC;
    private readonly ProductSizes sizes;

    public LineStep(DeviceSession session, DotStep step)
    {
        launch = session.Kernels.Get<Launcher>(new Action<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, StridedMatrix, StridedMatrix, StridedMatrix, ProductSizes, int>(LineKernel.Run<TStored, T, TStorage>).Method);
        var isTurned = step.N > step.M;
        (a, b, c) = isTurned ? (step.B.Buffer, step.A.Buffer, step.C.Buffer) : (step.A.Buffer, step.B.Buffer, step.C.Buffer);
        (placeA, placeB, placeC) = (StridedMatrix.Of(step.A), StridedMatrix.Of(step.B), StridedMatrix.Of(step.C));
        if (isTurned) (placeA, placeB, placeC) = (placeB.Turned, placeA.Turned, placeC.Turned);
        sizes = isTurned ? new(step.Batch, step.N, step.M, step.K) : new(step.Batch, step.M, step.N, step.K);
        rowsLog = placeA.ColumnStride != 1 ? 5 : sizes.K >= 1024 ? 0 : sizes.K >= 128 ? 3 : 5;
    }

    private delegate void Launcher(
        AcceleratorStream stream, KernelConfig config, ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, StridedMatrix placeA, StridedMatrix placeB, StridedMatrix placeC, ProductSizes sizes, int rowsLog);

    public override void Enqueue(RunContext context)
    {
        if (sizes.Results == 0) return;
        var groups = ((sizes.M + (1L << rowsLog) - 1) >> rowsLog) * sizes.N * sizes.Batch;
        launch(context.Stream, Grids.Groups(groups, 1 << LineKernel.ThreadsLog), context.View<TStored>(a), context.View<TStored>(b), context.View<TStored>(c), placeA, placeB, placeC, sizes, rowsLog);
    }
}

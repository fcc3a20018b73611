using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Products;

/// <summary>Runs <see cref="PlainKernel"/>.</summary>
internal sealed class PlainStep<TStored, T, TStorage>(DeviceSession session, DotStep step) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private delegate void Launcher(AcceleratorStream stream, KernelConfig config, ArrayView<TStored> a, ArrayView<TStored> b, ArrayView<TStored> c, StridedMatrix placeA, StridedMatrix placeB, StridedMatrix placeC, ProductSizes sizes);

    private readonly Launcher launch = session.Kernels.Get<Launcher>(new Action<ArrayView<TStored>, ArrayView<TStored>, ArrayView<TStored>, StridedMatrix, StridedMatrix, StridedMatrix, ProductSizes>(PlainKernel.Run<TStored, T, TStorage>).Method);
    private readonly ProductSizes sizes = new(step.Batch, step.M, step.N, step.K);

    public override void Enqueue(RunContext context)
    {
        if (sizes.Results == 0) return;
        launch(context.Stream, Grids.Each(sizes.Results), context.View<TStored>(step.A.Buffer), context.View<TStored>(step.B.Buffer), context.View<TStored>(step.C.Buffer),
            StridedMatrix.Of(step.A), StridedMatrix.Of(step.B), StridedMatrix.Of(step.C), sizes);
    }
}

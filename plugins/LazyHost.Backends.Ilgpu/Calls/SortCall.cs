using System.Numerics;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Stable sorting along an axis: values and where they were.</summary>
internal sealed class SortCall<TStored, T, TStorage>(DeviceSession session, PrimitiveStep step, Axis axis, bool isDescending) : DeviceStep
    where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
{
    private readonly LineSorter<TStored, T, TStorage> sorter = new(session, axis, axis, isDescending);

    public override void Enqueue(RunContext context) => sorter.Enqueue(context, context.View<TStored>(step.Inputs[0]), context.View<TStored>(step.Outputs[0]), context.View<long>(step.Outputs[1]));
}

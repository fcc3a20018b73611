using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Memory;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>A kernel bound to buffers of the program. Its numbers go to the device before its first run and stay there.</summary>
internal sealed class KernelRun : DeviceStep, IDisposable
{
    private readonly KernelCode code;
    private readonly KernelConfig groups;
    private readonly int[] buffers;
    private readonly long[] numbers;
    private readonly ArrayView<byte>[] views;
    private readonly bool hasPoints, hasScalars;
    private DeviceBuffer? held;

    public KernelRun(DeviceSession session, KernelTranslation kernel, KernelCode code)
    {
        this.code = code;
        groups = KernelLaunch.Of(kernel.Kernel, kernel.Schedule, session.Accelerator);
        buffers = [.. code.Parameters.Select(p => kernel.Buffers[p.Buffer])];
        views = new ArrayView<byte>[buffers.Length];
        // Pinned, because the copy may read it after the call.
        var values = kernel.Data.Values(kernel.Schedule.Copies);
        numbers = GC.AllocateArray<long>(values.Length, pinned: true);
        values.CopyTo(numbers, 0);
        (hasPoints, hasScalars) = (kernel.Kernel.OuterCount > 0, kernel.Data.Scalars > 0);
    }

    public override void Enqueue(RunContext context)
    {
        if (!hasPoints) return;
        held ??= Upload(context);
        var device = held.View.Cast<long>();
        for (var i = 0; i < views.Length; i++) views[i] = context.Bytes(buffers[i]);
        code.Adapter(code.Launcher, context.Stream, groups, device, hasScalars ? context.Scalars : device, views);
    }

    public void Dispose()
    {
        held?.Dispose();
        held = null;
    }

    private DeviceBuffer Upload(RunContext context)
    {
        var buffer = context.Session.Memory.Rent(numbers.Length * sizeof(long));
        try { buffer.View.Cast<long>().CopyFromCPUUnsafeAsync(context.Stream, ref numbers[0], numbers.Length); }
        catch
        {
            buffer.Dispose();
            throw;
        }
        return buffer;
    }
}

using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Calls;

/// <summary>Philox 4x32-10 (J. Salmon et al., Parallel random numbers: as easy as 1, 2, 3, 2011): word i % 4 of the block with counter (i / 4, ordinal) and key seed. A thread makes a block.</summary>
internal sealed class RandomBitsCall(DeviceSession session, PrimitiveStep step, long count) : DeviceStep
{
    private readonly Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ArrayView<ulong>, ArrayView<uint>, long> launch =
        session.Kernels.Get<Action<AcceleratorStream, KernelConfig, ArrayView<ulong>, ArrayView<ulong>, ArrayView<uint>, long>>(((Delegate)Kernel).Method);

    public override void Enqueue(RunContext context)
    {
        if (count > 0) launch(context.Stream, Grids.Each((count + 3) / 4), context.View<ulong>(step.Inputs[0]), context.View<ulong>(step.Inputs[1]), context.View<uint>(step.Outputs[0]), count);
    }

    private static void Kernel(ArrayView<ulong> seeds, ArrayView<ulong> ordinals, ArrayView<uint> to, long count)
    {
        var (seed, ordinal, whole) = (seeds[0], ordinals[0], to.Cast<Quad<uint>>());
        for (var block = Walk.First; block * 4 < count; block += Walk.Step)
        {
            var (c0, c1, c2, c3) = ((uint)block, (uint)(block >> 32), (uint)ordinal, (uint)(ordinal >> 32));
            var (k0, k1) = ((uint)seed, (uint)(seed >> 32));
            for (var round = 0; round < 10; round++)
            {
                var p0 = 0xD2511F53ul * c0;
                var p1 = 0xCD9E8D57ul * c2;
                (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
                k0 += 0x9E3779B9;
                k1 += 0xBB67AE85;
            }
            var place = block * 4;
            if (place + 4 <= count)
            {
                whole[block] = new() { X = c0, Y = c1, Z = c2, W = c3 };
                continue;
            }
            to[place] = c0;
            if (place + 1 < count) to[place + 1] = c1;
            if (place + 2 < count) to[place + 2] = c2;
        }
    }
}

using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;

namespace LazyHost.GpuBenchmarks;

/// <summary>Numbers to compute with: a device that multiplies zeros is faster than it is.</summary>
internal static class SomeNumbers
{
    private const int PatternBytes = 1 << 20;

    private static readonly byte[] Floats = Pattern(random => BitConverter.SingleToInt32Bits((random.NextSingle() - 0.5f) * 0.4f));
    private static readonly byte[] Shorts = Pattern(random => Upper(random) | (Upper(random) << 16));

    /// <summary>Fills f32, bf16 and f16 with a pattern of numbers between -0.2 and 0.2 (as bf16), others with zeros.</summary>
    public static void Fill(DeviceSession session, ArrayView<byte> view, DType type)
    {
        if (view.Length == 0) return;
        var pattern = type == DType.Float32 ? Floats : type is DType.BFloat16 or DType.Float16 ? Shorts : new byte[PatternBytes];
        var first = (int)Math.Min(view.Length, PatternBytes);
        session.Copies.ToDevice(pattern.AsMemory(0, first), view.SubView(0, first));
        for (var filled = (long)first; filled < view.Length; filled *= 2)
        {
            var length = Math.Min(filled, view.Length - filled);
            view.SubView(filled, length).CopyFrom(session.Stream, view.SubView(0, length));
        }
        session.Stream.Synchronize();
    }

    /// <summary>An element of what <see cref="Fill"/> fills with.</summary>
    public static double At(DType type, long index)
    {
        var place = (int)(index * type.Size() % PatternBytes);
        return type == DType.Float32 ? BitConverter.ToSingle(Floats, place) : BitConverter.Int32BitsToSingle(BitConverter.ToUInt16(Shorts, place) << 16);
    }

    private static int Upper(Random random) => (int)((uint)BitConverter.SingleToInt32Bits((random.NextSingle() - 0.5f) * 0.4f) >> 16);

    private static byte[] Pattern(Func<Random, int> next)
    {
        var (random, numbers) = (new Random(7), new int[PatternBytes / sizeof(int)]);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = next(random);
        return MemoryMarshal.AsBytes<int>(numbers).ToArray();
    }
}

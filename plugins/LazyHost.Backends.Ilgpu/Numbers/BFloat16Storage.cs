using ILGPU;

namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>bf16, computed with in f32.</summary>
internal readonly struct BFloat16Storage : IStorage<ushort, float>
{
    public static float Widen(ushort stored) => Interop.IntAsFloat((uint)stored << 16);

    /// <summary>To nearest, ties to even.</summary>
    public static ushort Narrow(float value)
    {
        var bits = Interop.FloatAsInt(value);
        var isNaN = (bits & 0x7FFFFFFFu) > 0x7F800000u;
        return (ushort)(isNaN ? (bits >> 16) | 0x40u : (bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
    }
}

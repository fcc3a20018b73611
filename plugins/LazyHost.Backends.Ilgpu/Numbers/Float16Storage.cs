using ILGPU;

namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>f16, computed with in f32.</summary>
internal readonly struct Float16Storage : IStorage<ushort, float>
{
    public static float Widen(ushort stored)
    {
        var sign = (uint)(stored & 0x8000) << 16;
        var rest = (uint)(stored & 0x7FFF);
        // Below 2^-14 a number is so many times 2^-24; the exponent of the others is shifted, that of infinities and NaN filled up.
        var bits = rest < 0x400u ? Interop.FloatAsInt(rest * 5.9604645e-8f) : rest >= 0x7C00u ? (rest << 13) | 0x7F800000u : (rest << 13) + 0x38000000u;
        return Interop.IntAsFloat(bits | sign);
    }

    /// <summary>To nearest, ties to even.</summary>
    public static ushort Narrow(float value)
    {
        var bits = Interop.FloatAsInt(value);
        var sign = (bits >> 16) & 0x8000u;
        var rest = bits & 0x7FFFFFFFu;
        uint half;
        if (rest > 0x7F800000u) half = 0x7E00u;
        else if (rest >= 0x477FF000u) half = 0x7C00u;
        // Adding 0.5 leaves the multiple of 2^-24 in the low bits, rounded by the addition.
        else if (rest < 0x38800000u) half = Interop.FloatAsInt(Interop.IntAsFloat(rest) + 0.5f) - 0x3F000000u;
        else half = (rest + 0xFFFu + ((rest >> 13) & 1u) - 0x38000000u) >> 13;
        return (ushort)(half | sign);
    }
}

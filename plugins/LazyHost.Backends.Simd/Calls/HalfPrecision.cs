namespace LazyHost.Backends.Simd.Calls;

/// <summary>Whole buffers between 16-bit floats and f32.</summary>
internal static unsafe class HalfPrecision
{
    public static void Widen(DType type, ushort* from, float* to, long count)
    {
        if (type == DType.BFloat16) for (long i = 0; i < count; i++) to[i] = new BFloat16(from[i]);
        else for (long i = 0; i < count; i++) to[i] = (float)BitConverter.UInt16BitsToHalf(from[i]);
    }

    public static void Narrow(DType type, float* from, ushort* to, long count)
    {
        if (type == DType.BFloat16) for (long i = 0; i < count; i++) to[i] = ((BFloat16)from[i]).Bits;
        else for (long i = 0; i < count; i++) to[i] = BitConverter.HalfToUInt16Bits((Half)from[i]);
    }
}

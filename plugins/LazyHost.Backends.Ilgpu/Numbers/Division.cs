namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Division of places by sizes. Devices divide 64-bit numbers in long loops of instructions; most places have no more than 32 bits.</summary>
internal static class Division
{
    /// <summary>The quotient, and what is left. Neither number may be negative.</summary>
    public static long Divide(long place, long size, out long rest)
    {
        if (((place | size) >> 32) == 0)
        {
            var quotient = (uint)place / (uint)size;
            rest = (uint)place - (quotient * (uint)size);
            return quotient;
        }
        var large = place / size;
        rest = place - (large * size);
        return large;
    }
}

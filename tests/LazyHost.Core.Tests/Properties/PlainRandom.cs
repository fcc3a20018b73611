namespace LazyHost.Tests.Properties;

/// <summary>The random numbers that docs/numerics.md promises: Philox 4x32-10 with the seed as key and (element / 4, ordinal) as counter.</summary>
internal static class PlainRandom
{
    public static double Uniform(ulong seed, ulong ordinal, int element) => (Bits(seed, ordinal, element) >> 8) * Math.ScaleB(1, -24);

    /// <summary>A whole number below a limit, for one element of so many: the remainder of 64 bits, of which the upper halves are drawn before the lower ones.</summary>
    public static ulong Below(ulong limit, ulong seed, ulong ordinal, int element, int count) =>
        (((ulong)Bits(seed, ordinal, element) << 32) | Bits(seed, ordinal, count + element)) % limit;

    private static uint Bits(ulong seed, ulong ordinal, int element)
    {
        uint[] counter = [(uint)(element / 4), 0, (uint)ordinal, (uint)(ordinal >> 32)];
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < 10; round++)
        {
            var (first, second) = (0xD2511F53UL * counter[0], 0xCD9E8D57UL * counter[2]);
            counter = [(uint)(second >> 32) ^ counter[1] ^ key0, (uint)second, (uint)(first >> 32) ^ counter[3] ^ key1, (uint)first];
            (key0, key1) = (key0 + 0x9E3779B9, key1 + 0xBB67AE85);
        }
        return counter[element % 4];
    }
}

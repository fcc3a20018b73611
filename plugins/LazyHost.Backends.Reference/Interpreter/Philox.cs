namespace LazyHost.Backends.Reference;

/// <summary>Philox 4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).</summary>
public static class Philox
{
    /// <summary>Four words for a counter (c0 the lowest) and a key.</summary>
    public static (uint, uint, uint, uint) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53ul * c0;
            var p1 = 0xCD9E8D57ul * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            (k0, k1) = unchecked((k0 + 0x9E3779B9, k1 + 0xBB67AE85));
        }
        return (c0, c1, c2, c3);
    }

    /// <summary>Word <paramref name="index"/> of the stream of a seed and an ordinal.</summary>
    public static uint Word(ulong seed, ulong ordinal, long index)
    {
        var block = (ulong)index / 4;
        var words = Block((uint)block, (uint)(block >> 32), (uint)ordinal, (uint)(ordinal >> 32), (uint)seed, (uint)(seed >> 32));
        return (index % 4) switch { 0 => words.Item1, 1 => words.Item2, 2 => words.Item3, _ => words.Item4 };
    }
}

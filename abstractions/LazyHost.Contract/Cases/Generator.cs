namespace LazyHost.Contract;

/// <summary>Pseudo-random numbers that are the same everywhere and always: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
internal sealed class Generator(ulong seed)
{
    private ulong state = seed;

    /// <summary>A generator seeded by a text: its FNV-1a hash.</summary>
    public static Generator For(string text)
    {
        var hash = 14695981039346656037ul;
        foreach (var character in text) hash = unchecked((hash ^ character) * 1099511628211ul);
        return new(hash);
    }

    public ulong Bits()
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A whole number from 0 below <paramref name="count"/>.</summary>
    public int Below(int count) => (int)(Bits() % (ulong)count);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];

    /// <summary>A number between two others.</summary>
    public double Between(double low, double high) => low + ((high - low) * (Bits() >> 11) / (1ul << 53));

    /// <summary>Elements between low and high, rounded to the element type; integers may be both ends, and are clamped to the type; bool is even odds.</summary>
    public Elements Elements(TensorType type, double low, double high)
    {
        var result = new Elements(type);
        var dtype = type.DType;
        var (least, most) = dtype.IsInteger() ? Clamp(dtype, low, high) : default;
        for (var i = 0; i < result.Count; i++)
            if (dtype.IsFloat()) result.SetFloat(i, Between(low, high));
            else result.SetInteger(i, dtype == DType.Bool ? Below(2) : least + (Int128)(Bits() % (ulong)(most - least + 1)));
        return result;
    }

    private static (Int128 Least, Int128 Most) Clamp(DType type, double low, double high)
    {
        var width = type.Size() * 8;
        var (least, most) = type.IsSigned() ? (-(Int128.One << (width - 1)), (Int128.One << (width - 1)) - 1) : (0, (Int128.One << width) - 1);
        // Half the range is plenty, and its count fits in 64 bits.
        var wide = Int128.One << 62;
        return (Int128.Max(Int128.Max(least, -wide), (Int128)Math.Ceiling(low)), Int128.Min(Int128.Min(most, wide), (Int128)Math.Floor(high)));
    }
}

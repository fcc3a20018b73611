namespace LazyHost.Lowering.Fuse;

/// <summary>A sum of loop indices times numbers: offset + sum of index[l] * Coefficients[l]. Trailing zeros are dropped, so equal sums are equal. Immutable.</summary>
internal sealed class Affine : IEquatable<Affine>
{
    public static readonly Affine Zero = new(0, []);

    private readonly long[] coefficients;

    public Affine(long offset, ReadOnlySpan<long> coefficients)
    {
        Offset = offset;
        var count = coefficients.Length;
        while (count > 0 && coefficients[count - 1] == 0) count--;
        this.coefficients = coefficients[..count].ToArray();
    }

    public long Offset { get; }

    /// <summary>One past the last loop that matters.</summary>
    public int Loops => coefficients.Length;

    public long this[int loop] => loop < coefficients.Length ? coefficients[loop] : 0;

    /// <summary>Row-major order over some loops: the last walks single elements. Loops of size 1 get no coefficient.</summary>
    public static Affine RowMajor(IReadOnlyList<int> loops, IReadOnlyList<long> sizes)
    {
        var coefficients = new long[sizes.Count];
        long stride = 1;
        for (var i = loops.Count - 1; i >= 0; i--)
        {
            if (sizes[loops[i]] != 1) coefficients[loops[i]] = stride;
            stride *= sizes[loops[i]];
        }
        return new(0, coefficients);
    }

    public Affine Plus(Affine other)
    {
        if (other.Loops == 0) return other.Offset == 0 ? this : new(Offset + other.Offset, coefficients);
        var sum = new long[Math.Max(Loops, other.Loops)];
        for (var i = 0; i < sum.Length; i++) sum[i] = this[i] + other[i];
        return new(Offset + other.Offset, sum);
    }

    public Affine Times(long factor)
    {
        if (factor == 1) return this;
        var scaled = new long[Loops];
        for (var i = 0; i < scaled.Length; i++) scaled[i] = coefficients[i] * factor;
        return new(Offset * factor, scaled);
    }

    public Affine Plus(long offset) => offset == 0 ? this : new(Offset + offset, coefficients);

    public bool Equals(Affine? other) => other is not null && Offset == other.Offset && coefficients.AsSpan().SequenceEqual(other.coefficients);

    public override bool Equals(object? obj) => Equals(obj as Affine);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Offset);
        foreach (var coefficient in coefficients) hash.Add(coefficient);
        return hash.ToHashCode();
    }
}

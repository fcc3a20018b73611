using System.Text;

namespace LazyHost.IR;

/// <summary>One attribute's value on its way into <see cref="Attributes"/>; made by the conversions.</summary>
public readonly struct AttributeValue
{
    private readonly long single;
    private readonly long[]? many;

    private AttributeValue(long single, long[]? many) => (this.single, this.many) = (single, many);

    /// <summary>A number.</summary>
    public static implicit operator AttributeValue(long value) => new(value, null);

    /// <summary>A flag.</summary>
    public static implicit operator AttributeValue(bool value) => new(value ? 1 : 0, null);

    /// <summary>An element type.</summary>
    public static implicit operator AttributeValue(DType value) => new((long)value, null);

    /// <summary>A floating-point number.</summary>
    public static implicit operator AttributeValue(double value) => new(BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>A list of numbers.</summary>
    public static implicit operator AttributeValue(long[] value) => new(0, [value.Length, .. value]);

    /// <summary>The sizes of a shape, as a list of numbers.</summary>
    public static implicit operator AttributeValue(Shape value) => new(0, [value.Rank, .. value.Sizes]);

    /// <summary>A text.</summary>
    public static implicit operator AttributeValue(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        var words = new long[1 + ((bytes.Length + 7) / 8)];
        words[0] = bytes.Length;
        for (var i = 0; i < bytes.Length; i++) words[1 + (i / 8)] |= (long)bytes[i] << (i % 8 * 8);
        return new(0, words);
    }

    internal int WordCount => many?.Length ?? 1;

    internal void CopyTo(Span<long> words)
    {
        if (many is null) words[0] = single;
        else many.CopyTo(words);
    }
}

using System.Text;

namespace LazyHost.IR;

/// <summary>
/// The attributes of one node in their canonical encoding: numbers, in the order of the operator's specification. Equal attributes have equal encodings,
/// so a key copies them as they are. Immutable.
/// </summary>
public readonly struct Attributes : IEquatable<Attributes>
{
    private readonly long[]? words;

    private Attributes(long[] words) => this.words = words;

    /// <summary>The encoding.</summary>
    public ReadOnlySpan<long> Words => words;

    /// <summary>True when there are none.</summary>
    public bool IsEmpty => words is null or { Length: 0 };

    /// <summary>Encodes values given in the order of the operator's specification.</summary>
    public static Attributes Of(params ReadOnlySpan<AttributeValue> values)
    {
        var count = 0;
        foreach (var value in values) count += value.WordCount;
        var words = new long[count];
        var at = 0;
        foreach (var value in values)
        {
            value.CopyTo(words.AsSpan(at));
            at += value.WordCount;
        }
        return new(words);
    }

    /// <summary>Takes an encoding as it is.</summary>
    public static Attributes FromWords(ReadOnlySpan<long> words) => new(words.ToArray());

    /// <summary>The number at position <paramref name="index"/> of <paramref name="specs"/>.</summary>
    public long Int(IReadOnlyList<AttributeSpec> specs, int index) => words![Find(specs, index)];

    /// <summary>The flag at position <paramref name="index"/>.</summary>
    public bool Bool(IReadOnlyList<AttributeSpec> specs, int index) => Int(specs, index) != 0;

    /// <summary>The element type at position <paramref name="index"/>.</summary>
    public DType DType(IReadOnlyList<AttributeSpec> specs, int index) => (DType)Int(specs, index);

    /// <summary>The floating-point number at position <paramref name="index"/>.</summary>
    public double Float(IReadOnlyList<AttributeSpec> specs, int index) => BitConverter.Int64BitsToDouble(Int(specs, index));

    /// <summary>The list at position <paramref name="index"/>.</summary>
    public ReadOnlySpan<long> Ints(IReadOnlyList<AttributeSpec> specs, int index)
    {
        var at = Find(specs, index);
        return words.AsSpan(at + 1, (int)words![at]);
    }

    /// <summary>The text at position <paramref name="index"/>.</summary>
    public string Text(IReadOnlyList<AttributeSpec> specs, int index)
    {
        var at = Find(specs, index);
        var bytes = new byte[words![at]];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(words[at + 1 + (i / 8)] >> (i % 8 * 8));
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Text such as <c>axes=[1], keep=true</c>.</summary>
    public string ToString(IReadOnlyList<AttributeSpec> specs)
    {
        var parts = new string[specs.Count];
        for (var i = 0; i < specs.Count; i++) parts[i] = specs[i].Name + "=" + ToString(specs, i);
        return string.Join(", ", parts);
    }

    /// <summary>The value at position <paramref name="index"/> as text, such as <c>[1]</c>.</summary>
    public string ToString(IReadOnlyList<AttributeSpec> specs, int index) => specs[index].Kind switch
    {
        AttributeKind.Ints => "[" + string.Join(", ", Ints(specs, index).ToArray()) + "]",
        AttributeKind.Float => Float(specs, index).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        AttributeKind.Bool => Bool(specs, index) ? "true" : "false",
        AttributeKind.DType => DType(specs, index).Name(),
        AttributeKind.Text => $"\"{Text(specs, index)}\"",
        _ => Int(specs, index).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public bool Equals(Attributes other) => Words.SequenceEqual(other.Words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Attributes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var word in Words) hash.Add(word);
        return hash.ToHashCode();
    }

    private int Find(IReadOnlyList<AttributeSpec> specs, int index)
    {
        var at = 0;
        for (var i = 0; i < index; i++)
            at += specs[i].Kind switch
            {
                AttributeKind.Ints => 1 + (int)words![at],
                AttributeKind.Text => 1 + (((int)words![at] + 7) / 8),
                _ => 1,
            };
        return at;
    }
}

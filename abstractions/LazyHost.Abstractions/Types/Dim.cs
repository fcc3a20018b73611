using System.Globalization;

namespace LazyHost;

/// <summary>One dimension of a <see cref="Shape"/>: a size, or a symbol whose size is known only when a program runs.</summary>
/// <param name="Size">The number of elements; for a symbol, the size it had when the shape was made.</param>
/// <param name="Symbol">0 for a fixed size, else the number of the symbol.</param>
public readonly record struct Dim(long Size, int Symbol = 0)
{
    /// <summary>True when the size is a symbol.</summary>
    public bool IsSymbolic => Symbol != 0;

    /// <summary>A fixed size.</summary>
    public static implicit operator Dim(long size) => new(size);

    /// <inheritdoc/>
    public override string ToString() => IsSymbolic ? $"s{Symbol}" : Size.ToString(CultureInfo.InvariantCulture);
}

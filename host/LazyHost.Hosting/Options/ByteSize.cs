using System.Globalization;

namespace LazyHost.Hosting;

/// <summary>Sizes of memory as people write them: <c>1GB</c>, <c>1.5 GiB</c>, <c>4096</c>. A kilobyte has 1,024 bytes.</summary>
internal static class ByteSize
{
    private const string Units = "KMGT";

    public static bool TryParse(string text, out long bytes)
    {
        var number = text.Trim().ToUpperInvariant();
        if (number.EndsWith('B')) number = number[..^1];
        if (number.EndsWith('I')) number = number[..^1];
        var unit = number.Length == 0 ? -1 : Units.IndexOf(number[^1], StringComparison.Ordinal);
        if (unit >= 0) number = number[..^1];
        bytes = 0;
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)) return false;
        value *= 1L << (10 * (unit + 1));
        if (value > long.MaxValue) return false;
        bytes = (long)value;
        return true;
    }
}

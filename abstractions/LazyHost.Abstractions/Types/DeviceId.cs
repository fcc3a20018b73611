using System.Globalization;

namespace LazyHost;

/// <summary>The name of a device: the kind its backend declares and an ordinal, written <c>simd:0</c>.</summary>
public readonly record struct DeviceId(string Kind, int Ordinal) : IComparable<DeviceId>
{
    /// <summary>Reads <c>kind:ordinal</c>, or <c>kind</c> alone for ordinal 0.</summary>
    /// <exception cref="UnknownDeviceException">The text has no such form.</exception>
    public static DeviceId Parse(string text) => TryParse(text, out var id) ? id
        : throw new UnknownDeviceException($"'{text}' is not a device name; write kind:ordinal, for example simd:0");

    /// <summary>Reads <c>kind:ordinal</c>, or <c>kind</c> alone for ordinal 0.</summary>
    public static bool TryParse(string? text, out DeviceId id)
    {
        id = default;
        if (string.IsNullOrWhiteSpace(text)) return false;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        var ordinal = 0;
        if (colon >= 0 && !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ordinal)) return false;
        if (kind.Length == 0 || !kind.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return false;
        id = new(kind.ToLowerInvariant(), ordinal);
        return true;
    }

    /// <summary>Orders by kind, then by ordinal: the order in which several devices are locked.</summary>
    public int CompareTo(DeviceId other) => string.CompareOrdinal(Kind, other.Kind) is var kind and not 0 ? kind : Ordinal.CompareTo(other.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}:{Ordinal.ToString(CultureInfo.InvariantCulture)}";
}

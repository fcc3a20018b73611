using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace LazyHost;

/// <summary>
/// Keys of segments. The structure is the canonical encoding as recorded: operators, attributes, operand indices, types and slots of inputs. The key is the
/// structure, the roots, and the identity of device kind, backend build and options. Hashed with XxHash128 and compared in full on a hit.
/// </summary>
internal static class SegmentKey
{
    public static UInt128 Hash(ReadOnlySpan<long> words) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(words));

    /// <summary>Appends roots and identity to the encoding; the caller hashes all of it.</summary>
    public static void Append(Recording recording, long identity)
    {
        recording.Append(identity);
        foreach (var root in recording.Roots) recording.Append((uint)root.Node | ((long)root.Output << 32));
        recording.Append(recording.Roots.Count);
    }

    /// <summary>The hash of a key, from that of its structure and the words after it.</summary>
    public static UInt128 Hash(UInt128 structure, ReadOnlySpan<long> rest) =>
        Hash(rest) ^ (((structure << 64) | (structure >> 64)) * 0x9E3779B97F4A7C15UL);
}

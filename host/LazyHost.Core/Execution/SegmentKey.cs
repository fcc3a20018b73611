using System.IO.Hashing;
using System.Runtime.InteropServices;
using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// Keys of segments. The structure is the canonical encoding as recorded: operators, attributes, operand indices, types and slots of inputs. The key is the
/// structure, the roots, and the identity of device kind, backend build and options. Hashed with XxHash128 and compared in full on a hit.
/// </summary>
internal static class SegmentKey
{
    public static UInt128 Hash(ReadOnlySpan<long> words) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(words));

    /// <summary>Appends roots and identity to the encoding; the caller hashes all of it.</summary>
    public static void Append(Recording recording, List<Value> roots, long identity)
    {
        recording.Append(identity);
        foreach (var root in roots) recording.Append((uint)root.Node | ((long)root.Output << 32));
        recording.Append(roots.Count);
    }
}

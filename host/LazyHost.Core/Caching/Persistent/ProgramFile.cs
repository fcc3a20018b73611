using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace LazyHost;

/// <summary>
/// A program in a file: magic, format version, length of the file, build, key, bytes of the backend's, and an XxHash128 of all of it. Numbers are little-endian.
/// </summary>
internal static class ProgramFile
{
    public const int Version = 1;
    private const int HeaderLength = 20, ChecksumLength = 16;

    private static ReadOnlySpan<byte> Magic => "LazyProg"u8;

    public static byte[] Write(string build, ReadOnlySpan<byte> key, ReadOnlySpan<byte> program)
    {
        using var stream = new MemoryStream();
        using var to = new BinaryWriter(stream);
        var name = Encoding.UTF8.GetBytes(build);
        to.Write(Magic);
        to.Write(Version);
        to.Write((long)HeaderLength + (3 * sizeof(int)) + name.Length + key.Length + program.Length + ChecksumLength);
        Part(to, name);
        Part(to, key);
        Part(to, program);
        to.Flush();
        to.Write(XxHash128.Hash(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        to.Flush();
        return stream.ToArray();
    }

    /// <summary>The backend's bytes of a file, or why there are none.</summary>
    public static ReadOnlyMemory<byte>? TryRead(ReadOnlyMemory<byte> file, string build, ReadOnlySpan<byte> key, out string reason)
    {
        var bytes = file.Span;
        if (bytes.Length < Magic.Length || !bytes.StartsWith(Magic)) return No("it is no program of LazyHost", out reason);
        if (bytes.Length < HeaderLength) return No("it is truncated", out reason);
        var version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (version != Version) return No($"its format is version {version}, this host reads version {Version}", out reason);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]);
        if (bytes.Length < length) return No($"it is truncated: it has {bytes.Length} of {length} bytes", out reason);
        if (bytes.Length > length || length < HeaderLength + ChecksumLength || !XxHash128.Hash(bytes[..^ChecksumLength]).AsSpan().SequenceEqual(bytes[^ChecksumLength..]))
            return No("it is corrupt: its checksum is another", out reason);
        var at = HeaderLength;
        var name = Encoding.UTF8.GetString(Next(bytes, ref at));
        if (name != build) return No($"it is of another build: {name}, this one is {build}", out reason);
        if (!Next(bytes, ref at).SequenceEqual(key)) return No("it is of another program with the same hash", out reason);
        var program = Next(bytes, ref at);
        reason = "";
        return file.Slice(at - program.Length, program.Length);
    }

    private static void Part(BinaryWriter to, ReadOnlySpan<byte> bytes)
    {
        to.Write(bytes.Length);
        to.Write(bytes);
    }

    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
        at += sizeof(int) + length;
        return bytes.Slice(at - length, length);
    }

    private static ReadOnlyMemory<byte>? No(string why, out string reason)
    {
        reason = why;
        return null;
    }
}

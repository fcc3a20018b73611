using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace LazyHost.Backends.Ilgpu.Persistence;

/// <summary>The texts of a device's kernels, by names that are the same in every process: as many as it compiled, and those it was given.</summary>
internal sealed class KernelTexts
{
    private const byte Version = 1;
    private const int MostTexts = 8192;

    private readonly ConcurrentDictionary<string, KernelText> texts = new(StringComparer.Ordinal);

    public KernelText? Find(string name) => texts.GetValueOrDefault(name);

    /// <summary>Keeps a text, instead of the one its name had.</summary>
    public void Add(string name, KernelText text)
    {
        if (texts.Count < MostTexts || texts.ContainsKey(name)) texts[name] = text;
    }

    /// <summary>Some texts as bytes; none where one is missing.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyCollection<string> names)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(Version);
        using (var writer = new BinaryWriter(new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true), Encoding.UTF8))
        {
            writer.Write(names.Count);
            foreach (var name in names)
            {
                if (Find(name) is not { } text) return default;
                writer.Write(name);
                writer.Write(text.SharedBytes);
                writer.Write(text.Source);
            }
        }
        return bytes.ToArray();
    }

    /// <summary>Takes in what <see cref="Write"/> gave.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public void Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Span[0] != Version) throw new InvalidDataException("these are no kernel texts of this version");
        using var reader = new BinaryReader(new BrotliStream(new MemoryStream(bytes[1..].ToArray()), CompressionMode.Decompress), Encoding.UTF8);
        var count = reader.ReadInt32();
        if (count is < 0 or > MostTexts) throw new InvalidDataException($"{count} kernel texts are more than there can be");
        var read = new List<(string Name, KernelText Text)>(count);
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadString();
            var shared = reader.ReadInt32();
            read.Add((name, new(reader.ReadString(), shared)));
        }
        foreach (var (name, text) in read) Add(name, text);
    }
}

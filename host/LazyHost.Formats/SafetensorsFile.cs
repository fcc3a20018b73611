using System.Buffers.Binary;

namespace LazyHost.Formats;

/// <summary>
/// Named tensors in the safetensors format: eight bytes of header length, a JSON header, and the tensors' bytes without gaps or overlaps.
/// Everything the header says is checked before it is used.
/// </summary>
public sealed class SafetensorsFile
{
    /// <summary>The largest header the format allows, in bytes.</summary>
    public const int MaxHeaderBytes = 100_000_000;

    /// <summary>Holds tensors by name, with optional free text.</summary>
    public SafetensorsFile(IReadOnlyDictionary<string, HostTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        Tensors = tensors;
        Metadata = metadata ?? new Dictionary<string, string>();
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, HostTensor> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>: text by name.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">The file is truncated, its header is too large or not what the format says, a type is unknown, or data overlaps or leaves gaps.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads from a stream, to its end; <paramref name="name"/> stands for it in errors.</summary>
    /// <exception cref="InvalidFileException">As for a file.</exception>
    public static SafetensorsFile Read(Stream stream, string name)
    {
        var length = BinaryPrimitives.ReadUInt64LittleEndian(FileBytes.ReadExactly(stream, sizeof(ulong), name, "the header length"));
        if (length > MaxHeaderBytes) throw new InvalidFileException($"{name}: the header claims {length} bytes; the format allows {MaxHeaderBytes}");
        var header = SafetensorsHeader.Parse(FileBytes.ReadExactly(stream, (long)length, name, "the header"), name);
        var tensors = new Dictionary<string, HostTensor>(header.Entries.Count);
        foreach (var (tensor, type) in header.Entries)
            tensors.Add(tensor, new(type, FileBytes.ReadExactly(stream, type.ByteSize, name, $"tensor '{tensor}'")));
        FileBytes.ExpectEnd(stream, name);
        return new(tensors, header.Metadata);
    }

    /// <summary>Writes a file, whole or not at all. Equal content gives equal bytes: tensors lie by falling element size, then by name.</summary>
    /// <exception cref="InvalidFileException">A tensor has the reserved name <c>__metadata__</c>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path) => FileBytes.WriteAtomically(path, Write);

    /// <summary>Writes to a stream, in the same bytes as to a file.</summary>
    /// <exception cref="InvalidFileException">A tensor has the reserved name <c>__metadata__</c>.</exception>
    public void Write(Stream stream)
    {
        var order = Tensors.OrderByDescending(t => t.Value.Type.DType.Size()).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        var header = SafetensorsHeader.Write(order.Select(t => (t.Key, t.Value.Type)), Metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var (_, tensor) in order) stream.Write(tensor.Data);
    }
}

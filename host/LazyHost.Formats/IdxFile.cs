using System.Buffers.Binary;
using System.IO.Compression;

namespace LazyHost.Formats;

/// <summary>Arrays in the IDX format of the MNIST files: a big-endian header of type, rank and sizes, then the elements. Gzip is recognized by its first bytes.</summary>
public static class IdxFile
{
    /// <summary>Reads a file, plain or gzip.</summary>
    /// <exception cref="InvalidFileException">The file is truncated, longer than its header says, damaged, or not IDX.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static HostTensor Read(string path)
    {
        using var file = File.OpenRead(path);
        var zipped = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!zipped) return Read(file, path);
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        return Read(gzip, path);
    }

    private static HostTensor Read(Stream stream, string name)
    {
        var start = FileBytes.ReadExactly(stream, 4, name, "the start");
        if (start[0] != 0 || start[1] != 0) throw new InvalidFileException($"{name}: not an IDX file: it begins with {start[0]:X2} {start[1]:X2}, not 00 00");
        DType type = start[2] switch
        {
            0x08 => DType.UInt8, 0x09 => DType.Int8, 0x0B => DType.Int16, 0x0C => DType.Int32, 0x0D => DType.Float32, 0x0E => DType.Float64,
            var code => throw new InvalidFileException($"{name}: the IDX type code 0x{code:X2} is not known"),
        };
        var header = FileBytes.ReadExactly(stream, start[3] * sizeof(uint), name, "the sizes");
        var sizes = new long[start[3]];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(i * sizeof(uint)));
        TensorType tensor;
        try
        {
            tensor = new(type, Shape.Create(sizes));
            _ = checked(tensor.Shape.ElementCount * type.Size());
        }
        catch (Exception e) when (e is ShapeMismatchException or OverflowException) { throw new InvalidFileException($"{name}: {e.Message}", e); }
        var data = FileBytes.ReadExactly(stream, tensor.ByteSize, name, $"the array {tensor}");
        FileBytes.ExpectEnd(stream, name);
        ByteOrder.Reverse(data, type.Size());
        return new(tensor, data);
    }
}

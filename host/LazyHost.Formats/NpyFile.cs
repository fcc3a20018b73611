using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LazyHost.Formats;

/// <summary>One array in NumPy's npy format (versions 1 to 3 are read, version 1 is written). Big-endian and Fortran-ordered arrays are read too.</summary>
public static class NpyFile
{
    private const int MaxHeaderBytes = 1 << 20, Alignment = 64;
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">The file is truncated, longer than its header says, or not npy; or its type is none of LazyHost's.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static HostTensor Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, path);
    }

    /// <summary>Reads from a stream, to its end; <paramref name="name"/> stands for it in errors.</summary>
    /// <exception cref="InvalidFileException">As for a file.</exception>
    public static HostTensor Read(Stream stream, string name)
    {
        var start = FileBytes.ReadExactly(stream, Magic.Length + 2, name, "the start");
        if (!start.AsSpan().StartsWith(Magic)) throw new InvalidFileException($"{name}: not an npy file: it does not begin with the six magic bytes");
        var version = start[Magic.Length];
        if (version is not (1 or 2 or 3)) throw new InvalidFileException($"{name}: npy version {version} is not known; 1, 2 and 3 are");
        var size = FileBytes.ReadExactly(stream, version == 1 ? sizeof(ushort) : sizeof(uint), name, "the header length");
        var length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxHeaderBytes) throw new InvalidFileException($"{name}: the header claims {length} bytes; at most {MaxHeaderBytes} are taken");
        var header = NpyHeader.Parse(Encoding.UTF8.GetString(FileBytes.ReadExactly(stream, length, name, "the header")), name);
        var data = FileBytes.ReadExactly(stream, header.Type.ByteSize, name, $"the array {header.Type}");
        FileBytes.ExpectEnd(stream, name);
        if (header.BigEndian) ByteOrder.Reverse(data, header.Type.DType.Size());
        return new(header.Type, header.FortranOrder ? ByteOrder.ToRowMajor(data, header.Type) : data);
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="DTypeMismatchException">The tensor is bf16, for which NumPy has no type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, HostTensor tensor) => FileBytes.WriteAtomically(path, stream => Write(stream, tensor));

    /// <summary>Writes to a stream.</summary>
    /// <exception cref="DTypeMismatchException">The tensor is bf16, for which NumPy has no type.</exception>
    public static void Write(Stream stream, HostTensor tensor)
    {
        var shape = string.Concat(tensor.Type.Shape.Select(s => s.ToString(CultureInfo.InvariantCulture) + ", "));
        var text = $"{{'descr': '{NpyHeader.Descriptor(tensor.Type.DType)}', 'fortran_order': False, 'shape': ({(tensor.Type.Shape.Rank > 1 ? shape.TrimEnd(',', ' ') : shape.TrimEnd())}), }}";
        var prefix = Magic.Length + 2 + sizeof(ushort);
        var padded = (prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment - prefix;
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, checked((ushort)padded));
        stream.Write(Magic);
        stream.Write([1, 0]);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(padded - 1) + "\n"));
        stream.Write(tensor.Data);
    }
}

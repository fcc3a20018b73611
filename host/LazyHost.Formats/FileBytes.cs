namespace LazyHost.Formats;

/// <summary>Reading what a file promises, and writing files whole or not at all.</summary>
internal static class FileBytes
{
    private const int FirstChunk = 1 << 20;

    /// <summary>Reads exactly <paramref name="count"/> bytes; memory grows with what is there, never with what a damaged header promises.</summary>
    public static byte[] ReadExactly(Stream stream, long count, string file, string what)
    {
        if (count > Array.MaxLength) throw new InvalidFileException($"{file}: {what} has {count} bytes; at most {Array.MaxLength} can be held in one array");
        if (stream.CanSeek && stream.Length - stream.Position < count) throw Truncated(stream.Length - stream.Position, count, file, what);
        var buffer = new byte[stream.CanSeek ? count : Math.Min(count, FirstChunk)];
        var filled = 0;
        while (true)
        {
            var read = ReadUpTo(stream, buffer.AsSpan(filled), file, what);
            filled += read;
            if (filled == count) return buffer;
            if (filled < buffer.Length) throw Truncated(filled, count, file, what);
            Array.Resize(ref buffer, (int)Math.Min(count, buffer.Length * 2L));
        }
    }

    /// <summary>Fails when anything is left in the stream.</summary>
    public static void ExpectEnd(Stream stream, string file)
    {
        if (ReadUpTo(stream, stackalloc byte[1], file, "its end") != 0) throw new InvalidFileException($"{file}: there is more data after the last element than the header says");
    }

    /// <summary>Writes to a temporary file beside <paramref name="path"/> and renames it, so that a failure leaves what was there before.</summary>
    public static void WriteAtomically(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static int ReadUpTo(Stream stream, Span<byte> buffer, string file, string what)
    {
        try { return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false); }
        catch (InvalidDataException e) { throw new InvalidFileException($"{file}: the compressed data is damaged at {what}: {e.Message}", e); }
    }

    private static InvalidFileException Truncated(long found, long expected, string file, string what) =>
        new($"{file}: truncated: {what} needs {expected} bytes, but only {found} are left");
}

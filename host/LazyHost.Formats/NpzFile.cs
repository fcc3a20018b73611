using System.IO.Compression;

namespace LazyHost.Formats;

/// <summary>Named arrays in NumPy's npz format: a zip archive of npy files.</summary>
public static class NpzFile
{
    private const string Extension = ".npy";
    private static readonly DateTimeOffset EntryTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads every array, by name without <c>.npy</c>.</summary>
    /// <exception cref="InvalidFileException">The file is no zip archive, an entry is not npy, or a name comes twice.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static IReadOnlyDictionary<string, HostTensor> Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            using var archive = new ZipArchive(stream);
            var arrays = new Dictionary<string, HostTensor>();
            foreach (var entry in archive.Entries)
            {
                if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)) throw new InvalidFileException($"{path}: the entry '{entry.FullName}' is not an npy file");
                using var data = entry.Open();
                if (!arrays.TryAdd(entry.FullName[..^Extension.Length], NpyFile.Read(data, $"{path}/{entry.FullName}"))) throw new InvalidFileException($"{path}: two entries are named '{entry.FullName}'");
            }
            return arrays;
        }
        catch (InvalidDataException e) { throw new InvalidFileException($"{path}: not a readable npz archive: {e.Message}", e); }
    }

    /// <summary>Writes a file without compression, whole or not at all. Equal content gives equal bytes.</summary>
    /// <exception cref="DTypeMismatchException">A tensor is bf16, for which NumPy has no type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, HostTensor> arrays) => FileBytes.WriteAtomically(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in arrays.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry(name + Extension, CompressionLevel.NoCompression);
            entry.LastWriteTime = EntryTime;
            using var data = entry.Open();
            NpyFile.Write(data, tensor);
        }
    });
}

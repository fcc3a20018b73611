using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>The file to which every segment that is closed is written. What goes wrong with it never harms a step.</summary>
internal sealed class SegmentDumpFile
{
    private readonly Lock gate = new();
    private readonly ILogger logger;
    private readonly string path;
    private bool failed;

    /// <summary>Makes the file where it is missing.</summary>
    /// <exception cref="ConfigurationException">Nothing can be appended to the file.</exception>
    public SegmentDumpFile(string path, DumpFormat format, ILogger logger)
    {
        (this.path, Format, this.logger) = (Path.GetFullPath(path), format, logger);
        try
        {
            using var file = new FileStream(this.path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ConfigurationException($"the dump file {path} cannot be written: {e.Message}", e);
        }
    }

    public DumpFormat Format { get; }

    /// <summary>Appends a record. The first failure, to make it or to write it, is logged; the next record is tried again.</summary>
    public void Append(Func<SegmentRecord> make)
    {
        try
        {
            var record = make().ToString();
            lock (gate) File.AppendAllText(path, record);
        }
        catch (Exception e)
        {
            if (!Interlocked.Exchange(ref failed, true)) Log.DumpFailed(logger, path, e.Message);
        }
    }
}

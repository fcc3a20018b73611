using System.IO.Hashing;
using LazyHost.Backends;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>
/// Programs in a directory, for later processes: one file each, those used longest ago deleted first. Several processes may share it. Whatever is wrong with the directory or a
/// file is logged, and the program is compiled.
/// </summary>
internal sealed class ProgramDirectory(string path, long maximumBytes, LazyMetrics metrics, ILogger logger)
{
    private const string Extension = ".lazyprog";

    private readonly Lock gate = new();
    private readonly string path = Path.GetFullPath(path);
    private long bytes = -1;
    private bool failed;

    /// <summary>The program of a context, from its file or compiled and written to it. The backend must be entered.</summary>
    public IExecutable LoadOrCompile(Device device, LoweringContext context, Func<IExecutable> compile)
    {
        if (device.Host.Backend is not IExecutableSerializer serializer) return compile();
        var key = ProgramKey.Of(device, context.Graph, context.Options);
        var file = Path.Combine(path, Convert.ToHexStringLower(XxHash128.Hash(key)) + Extension);
        if (TryLoad(file, device, key, bytes => serializer.Deserialize(context, bytes)) is { } loaded)
        {
            metrics.PersistentCacheHit.Add(1, device);
            return loaded;
        }
        metrics.PersistentCacheMiss.Add(1, device);
        var executable = compile();
        Store(file, device, key, () => serializer.Serialize(executable));
        return executable;
    }

    private IExecutable? TryLoad(string file, Device device, byte[] key, Func<ReadOnlyMemory<byte>, IExecutable> deserialize)
    {
        byte[] content;
        try
        {
            if (!File.Exists(file)) return null;
            content = File.ReadAllBytes(file);
            // Used now: others are deleted before it.
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime);
        }
        catch (FileNotFoundException) { return null; } // deleted meanwhile
        catch (Exception e) when (IsOfFiles(e))
        {
            Fail(e);
            return null;
        }
        if (ProgramFile.TryRead(content, device.Host.Build, key, out var reason) is { } program)
        {
            try { return deserialize(program); }
            catch (Exception e) { reason = $"the backend '{device.PluginId}' does not take it: {e.GetType().Name}: {e.Message}"; }
        }
        metrics.PersistentCacheRefused.Add(1, device);
        Log.ProgramRefused(logger, file, reason);
        return null;
    }

    private void Store(string file, Device device, byte[] key, Func<ReadOnlyMemory<byte>> serialize)
    {
        ReadOnlyMemory<byte> program;
        try { program = serialize(); }
        catch (Exception e)
        {
            Log.ProgramNotKept(logger, device.PluginId, $"{e.GetType().Name}: {e.Message}");
            return;
        }
        if (program.IsEmpty) return;
        var content = ProgramFile.Write(device.Host.Build, key, program.Span);
        if (content.Length > maximumBytes) return;
        var temporary = $"{file}.{Environment.ProcessId}-{Guid.NewGuid():n}.tmp";
        try
        {
            Directory.CreateDirectory(path);
            try
            {
                File.WriteAllBytes(temporary, content);
                File.Move(temporary, file, overwrite: true);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
            lock (gate) MakeRoom(content.Length);
        }
        catch (Exception e) when (IsOfFiles(e)) { Fail(e); }
    }

    /// <summary>Deletes what was used longest ago, once there is more than is allowed, and what a process left that was ended while it wrote.</summary>
    private void MakeRoom(long added)
    {
        if (bytes >= 0 && (bytes += added) <= maximumBytes) return;
        var files = new DirectoryInfo(path).GetFiles("*" + Extension).OrderBy(static f => f.LastWriteTimeUtc).ToList();
        bytes = files.Sum(static f => f.Length);
        foreach (var file in files.TakeWhile(_ => bytes > maximumBytes))
        {
            bytes -= file.Length;
            file.Delete();
        }
        var yesterday = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1);
        foreach (var file in new DirectoryInfo(path).GetFiles("*.tmp"))
            if (file.LastWriteTimeUtc < yesterday) file.Delete();
    }

    private void Fail(Exception e)
    {
        if (!Interlocked.Exchange(ref failed, true)) Log.DirectoryFailed(logger, path, e.Message);
    }

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;
}

using Microsoft.Extensions.Logging;

namespace LazyHost;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Compiled {Name} for {Device}: {Nodes} nodes, {Kernels} kernels, {Milliseconds:F1} ms")]
    public static partial void Compiled(ILogger logger, string name, DeviceId device, int nodes, int kernels, double milliseconds);

    [LoggerMessage(2, LogLevel.Information, "A value of {Operator} recorded at {Site} was used after its segment ended: computed again, and from now on a root there (one recompile)")]
    public static partial void LearnedRoot(ILogger logger, string @operator, string site);

    [LoggerMessage(3, LogLevel.Warning, "A segment on {Device} reached {Nodes} nodes and was closed; end steps with MarkStep or a step scope")]
    public static partial void NodeLimit(ILogger logger, DeviceId device, int nodes);

    [LoggerMessage(5, LogLevel.Error, "A run on {Device} failed, and nobody has read a result of it; the variables of its step have the values they had before: {Reason}")]
    public static partial void RunFailed(ILogger logger, DeviceId device, string reason);

    [LoggerMessage(7, LogLevel.Warning, "A read of {Tensor}, which was only recorded, at {Site}, where the sync policy warns of it")]
    public static partial void SyncWarning(ILogger logger, string tensor, string site);

    [LoggerMessage(6, LogLevel.Error, "The backend '{Plugin}' failed to give something back: {Reason}")]
    public static partial void ReleaseFailed(ILogger logger, string plugin, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Stopped while the backend '{Plugin}' was still at work ({Count} runs, compilations or copies): it keeps its memory and stays loaded until they are over")]
    public static partial void StillRunning(ILogger logger, string plugin, int count);

    [LoggerMessage(16, LogLevel.Warning, "More than {Count} failed runs on {Device} of which nobody has read: results of the others say so when they are read, and nothing else does; said once")]
    public static partial void FailuresDropped(ILogger logger, DeviceId device, int count);

    [LoggerMessage(10, LogLevel.Error, "An asynchronous step closure failed, and no later one was there to say so: {Reason}")]
    public static partial void ClosureFailed(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Warning, "Segments cannot be written to the dump file {Path}; said once: {Reason}")]
    public static partial void DumpFailed(ILogger logger, string path, string reason);

    [LoggerMessage(12, LogLevel.Information, "The program {File} is ignored: {Reason}; it is compiled and written anew")]
    public static partial void ProgramRefused(ILogger logger, string file, string reason);

    [LoggerMessage(13, LogLevel.Information, "The backend '{Plugin}' cannot give a program as bytes, which is not kept for later processes: {Reason}")]
    public static partial void ProgramNotKept(ILogger logger, string plugin, string reason);

    [LoggerMessage(14, LogLevel.Warning, "Programs cannot be kept for later processes in {Path}; said once: {Reason}")]
    public static partial void DirectoryFailed(ILogger logger, string path, string reason);

    [LoggerMessage(15, LogLevel.Warning, "The backend '{Plugin}' cannot keep programs for later processes: the directory of the computation cache is of no use to it")]
    public static partial void CannotKeepPrograms(ILogger logger, string plugin);

    [LoggerMessage(EventId = 11, Message = "Compiled for {Device} in {Milliseconds:F1} ms: {Why}")]
    public static partial void Explained(ILogger logger, LogLevel level, DeviceId device, double milliseconds, CompileExplanation why);

    [LoggerMessage(4, LogLevel.Warning, "{Operator} on {Device} falls back to {Fallback}, with a copy of what it needs and of its results")]
    public static partial void Fallback(ILogger logger, DeviceId device, string @operator, DeviceId fallback);

    [LoggerMessage(17, LogLevel.Information, "Captured {Function} for {Device}; frozen in it: {Numbers}")]
    public static partial void Captured(ILogger logger, string function, DeviceId device, string numbers);
}

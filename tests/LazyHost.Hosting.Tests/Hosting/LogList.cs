using Microsoft.Extensions.Logging;

namespace LazyHost.Hosting.Tests.Hosting;

/// <summary>Keeps what is logged, for tests that wait for it.</summary>
internal sealed class LogList : ILoggerProvider, ILogger
{
    private readonly List<string> lines = [];
    private readonly List<(string Start, TaskCompletionSource<string> Found)> wanted = [];

    /// <summary>The first line that begins so, now or later.</summary>
    public Task<string> FindAsync(string start)
    {
        lock (lines)
        {
            if (lines.Find(l => l.StartsWith(start, StringComparison.Ordinal)) is { } line) return Task.FromResult(line);
            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            wanted.Add((start, found));
            return found.Task;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception);
        lock (lines)
        {
            lines.Add(line);
            foreach (var (start, found) in wanted)
                if (line.StartsWith(start, StringComparison.Ordinal)) found.TrySetResult(line);
        }
    }

    public void Dispose() { }
}

using System.Diagnostics;

namespace LazyHost;

/// <summary>The names under which LazyHost reports what it does, for OpenTelemetry and dotnet-counters.</summary>
public static class Instrumentation
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "LazyHost";

    internal static ActivitySource Source { get; } = new(Name);
}

using System.Diagnostics;

namespace LazyHost;

/// <summary>The names under which LazyHost reports what it does, for OpenTelemetry and dotnet-counters.</summary>
public static class Instrumentation
{
    /// <summary>The name of the meter and of the activity source.</summary>
    public const string Name = "LazyHost";

    private static readonly ActivitySource source = new(Name);

    /// <summary>The activity that work handed to another thread belongs to; null where nobody listens.</summary>
    internal static Activity? Current => source.HasListeners() ? Activity.Current : null;

    /// <summary>Begins an activity, which the result ends; none where nobody listens.</summary>
    internal static Traced Start(string name, Device device, Activity? parent = null)
    {
        if (!source.HasListeners()) return default;
        var outer = Activity.Current;
        try { return new(source.StartActivity(name, ActivityKind.Internal, parent?.Context ?? default)?.SetTag("device", device.Id.ToString()), outer); }
        catch (Exception)
        {
            Activity.Current = outer;
            return default; // a listener's failure is its own
        }
    }

    /// <summary>The activity of a segment's recording, made once it is over.</summary>
    internal static void Recorded(Segment segment, Recording recording)
    {
        if (!source.HasListeners()) return;
        var begun = TimeProvider.System.GetUtcNow() - Stopwatch.GetElapsedTime(segment.Begun);
        var outer = Activity.Current;
        try
        {
            using var traced = new Traced(source.StartActivity(ActivityKind.Internal, startTime: begun, name: "record"), outer);
            traced.Activity?.SetTag("device", segment.Device.Id.ToString()).SetTag("segment", segment.Sequence).SetTag("nodes", recording.Count).SetTag("step", segment.Device.Steps).SetTag("scope", recording.Scope?.Path);
        }
        catch (Exception) { Activity.Current = outer; }
    }
}

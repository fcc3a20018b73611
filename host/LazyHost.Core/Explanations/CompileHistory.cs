using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>Why an engine compiled what it compiled, since it was made or its metrics were reset. Members may be called from any thread.</summary>
public sealed class CompileHistory
{
    private const int Kept = 64, MaximumSites = 1024, Many = 8;

    private readonly object gate = new();
    private readonly Counter<long> counter;
    private readonly Queue<CompileExplanation> recent = new();
    private readonly Dictionary<CallSite, long> sites = [];
    private readonly long[] reasons = new long[Enum.GetValues<CompileReason>().Length];

    internal CompileHistory(Meter meter) =>
        counter = meter.CreateCounter<long>("lazyhost.compile.reason", "{segment}", "Segments that had to be compiled, by the kind of their first difference to the nearest program.");

    /// <summary>Raised after each compilation, by the thread that compiled, before the segment runs. What a handler throws is dropped; it must not use tensors.</summary>
    public event Action<CompileExplanation>? Compiled;

    /// <summary>The last 64 compilations, oldest first.</summary>
    public IReadOnlyList<CompileExplanation> Recent
    {
        get { lock (gate) return [.. recent]; }
    }

    /// <summary>The compilations by the place that caused them, scopes left out; those of unknown places, and of new ones beyond 1,024, under the empty place.</summary>
    public IReadOnlyDictionary<CallSite, long> Sites
    {
        get { lock (gate) return new Dictionary<CallSite, long>(sites); }
    }

    /// <summary>The compilations of a kind.</summary>
    public long this[CompileReason reason]
    {
        get { lock (gate) return reasons[(int)reason]; }
    }

    /// <summary>How loud it is logged: what compiles again is information, and a place that keeps compiling is a warning, once.</summary>
    internal static LogLevel LevelOf(CompileExplanation explanation) => explanation is { Site: not null, Count: Many } ? LogLevel.Warning
        : explanation.Reason == CompileReason.FirstCompile ? LogLevel.Debug : LogLevel.Information;

    internal void Reset()
    {
        lock (gate)
        {
            recent.Clear();
            sites.Clear();
            Array.Clear(reasons);
        }
    }

    /// <summary>An explanation with the count it would have.</summary>
    internal CompileExplanation Numbered(CompileExplanation explanation)
    {
        lock (gate) return explanation with { Count = sites.GetValueOrDefault(Place(explanation)) + 1 };
    }

    internal void Add(CompileExplanation explanation, Device device)
    {
        lock (gate)
        {
            var place = Place(explanation);
            sites[place] = sites.GetValueOrDefault(place) + 1;
            reasons[(int)explanation.Reason]++;
            recent.Enqueue(explanation);
            if (recent.Count > Kept) recent.Dequeue();
        }
        try
        {
            counter.Add(1, device.Tag, new("reason", explanation.Reason.ToString()));
            Compiled?.Invoke(explanation);
        }
        catch (Exception) { } // a listener's failure is its own
    }

    private CallSite Place(CompileExplanation explanation)
    {
        var place = explanation.Site is { } site ? site with { Scope = null } : new("", 0);
        return sites.Count < MaximumSites || sites.ContainsKey(place) ? place : new("", 0);
    }
}

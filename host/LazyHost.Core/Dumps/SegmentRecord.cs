using System.Globalization;
using System.Text;

namespace LazyHost;

/// <summary>What the dump file says of one segment.</summary>
internal sealed record SegmentRecord
{
    /// <summary>The segment's number in its engine.</summary>
    public required long Number { get; init; }

    public required DeviceId Device { get; init; }

    public required long Step { get; init; }

    public required CloseReason Reason { get; init; }

    /// <summary>Where the program closed it, if that is known.</summary>
    public CallSite? Site { get; init; }

    /// <summary>The user's frames at its closing, innermost first; null where nobody asked for them.</summary>
    public IReadOnlyList<string>? Stack { get; init; }

    public UInt128 Key { get; init; }

    /// <summary>What became of it: <c>compiled</c>, <c>in the cache</c>, or why it was not run.</summary>
    public required string Outcome { get; init; }

    public required DumpFormat Format { get; init; }

    /// <summary>The graph, or what the backend made of it.</summary>
    public required string Graph { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"segment {Number} on {Device}, step {Step}\n");
        text.Append("  closed by: ").Append(Describe(Reason)).Append(Site is { } site ? $" at {site}" : "").Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"  key: {Key:x32}\n  outcome: {Outcome.ReplaceLineEndings(" ")}\n");
        foreach (var frame in Stack ?? []) text.Append("  in ").Append(frame).Append('\n');
        var name = Format.ToString().ToLowerInvariant();
        return text.Append("BEGIN ").Append(name).Append('\n').Append(Graph).Append(Graph.EndsWith('\n') || Graph.Length == 0 ? "" : "\n").Append("END ").Append(name).Append("\n\n").ToString();
    }

    private static string Describe(CloseReason reason) => reason switch
    {
        CloseReason.Use => "a use outside its flow",
        CloseReason.Read => "a read",
        CloseReason.MarkStep => "MarkStep",
        CloseReason.SyncTensors => "SyncTensors",
        CloseReason.SyncLiveTensors => "SyncLiveTensors",
        CloseReason.ScopeBegin => "the beginning of a step scope",
        CloseReason.ScopeEnd => "the end of its step scope",
        CloseReason.RegionBegin => "the beginning of a compiled region",
        CloseReason.RegionEnd => "the end of its compiled region",
        CloseReason.NodeLimit => "the limit of nodes",
        CloseReason.Eager => "eager mode",
        _ => "a use after its end: computed again",
    };
}

using LazyHost.IR;

namespace LazyHost;

internal sealed partial class LazyGraphExecutor
{
    /// <summary>What the backend makes of a graph. The program is thrown away.</summary>
    public string ProgramText(Device device, Graph graph)
    {
        var computation = compiler.Compile(device, graph, new(engine.Options.Compilation));
        try { return computation.TryDump() ?? ""; }
        finally { computation.Drop(); }
    }

    /// <summary>Writes a segment that is being closed to the dump file.</summary>
    private void Dump(Segment segment, Recording recording, CloseReason reason, CallSite? site, string outcome, CachedComputation? cached)
    {
        var file = engine.DumpFile!;
        var structure = recording.EncodingLength;
        SegmentKey.Append(recording, segment.Device.Fallback.KeyNumber(recording.AnySize));
        var key = SegmentKey.Hash(segment.StructureHash, recording.Encoding.AsSpan(structure, recording.EncodingLength - structure));
        recording.EncodingLength = structure;
        file.Append(() => new()
        {
            Number = segment.Sequence,
            Device = segment.Device.Id,
            Step = segment.Device.Steps,
            Reason = reason,
            Site = site ?? (engine.Options.Frames ? SourceFrames.Innermost() : null),
            Stack = engine.Options.Frames ? SourceFrames.All() : null,
            Key = key,
            Outcome = outcome,
            Format = file.Format,
            // The recording's own graph, not the cache's: other steps may have recorded the same from other places.
            Graph = file.Format == DumpFormat.Backend ? cached?.Computation.TryDump() ?? "" : GraphDump.Write(SegmentGraph.Build(recording, recording.Roots), file.Format),
        });
    }
}

namespace LazyHost;

internal sealed partial class LazyGraphExecutor
{
    /// <summary>The program of a captured function, whose roots have been decided; kept until its computation is dropped.</summary>
    public CachedComputation Program(Segment segment, CancellationToken cancellationToken)
    {
        var recording = segment.Recording!;
        segment.StructureHash = SegmentKey.Hash(recording.Encoding.AsSpan(0, recording.EncodingLength));
        var cached = Lookup(segment, recording, cancellationToken, out var hit, out _);
        if (engine.DumpFile is not null) Dump(segment, recording, CloseReason.Capture, null, Outcome(cached, hit), cached);
        cached.Computation.Retain();
        cached.Computation.Unuse();
        return cached;
    }
}

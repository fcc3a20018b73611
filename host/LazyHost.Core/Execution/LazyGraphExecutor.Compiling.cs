using System.Diagnostics;

namespace LazyHost;

internal sealed partial class LazyGraphExecutor
{
    /// <summary>The program of a segment, from the cache or compiled, with a use counted on it; and how long compiling it, or waiting for who does, took.</summary>
    private CachedComputation Lookup(Segment segment, Recording recording, CancellationToken cancellationToken, out bool hit, out long compiling)
    {
        var structureLength = recording.EncodingLength;
        SegmentKey.Append(recording, segment.Device.Fallback.KeyNumber(recording.AnySize));
        try
        {
            var key = recording.Encoding.AsSpan(0, recording.EncodingLength);
            UInt128 hash;
            CachedComputation? found;
            using (var traced = Instrumentation.Start("key", segment.Device))
            {
                hash = SegmentKey.Hash(segment.StructureHash, key[structureLength..]);
                found = cache.TryGet(hash, key);
                traced.Activity?.SetTag("segment", segment.Sequence).SetTag("nodes", recording.Count).SetTag("key", hash.ToString("x32")).SetTag("hit", found is not null);
            }
            (hit, compiling) = (true, 0);
            if (found is null)
            {
                var start = Stopwatch.GetTimestamp();
                (found, hit) = Miss(hash, key, segment.Device, recording, cancellationToken);
                compiling = Stopwatch.GetTimestamp() - start;
            }
            (hit ? engine.Metrics.CachedCompile : found.Computation.IsAssembled ? engine.Metrics.AssembledPrograms : engine.Metrics.UncachedCompile).Add(1, segment.Device);
            engine.Metrics.SyncedTensorsWithIR.Add(found.Roots.Length, segment.Device);
            return found;
        }
        finally
        {
            recording.EncodingLength = structureLength;
        }
    }

    /// <summary>Apart from the lookup, for its closure's sake: a hit allocates none.</summary>
    private (CachedComputation Value, bool Hit) Miss(UInt128 hash, ReadOnlySpan<long> key, Device device, Recording recording, CancellationToken cancellationToken) =>
        cache.GetOrCompile(hash, key, () => Prepare(hash, device, recording), cancellationToken);

    /// <summary>What compiles a recording, and no longer needs it: whoever recorded it may be cancelled while others wait for the program.</summary>
    private Func<CancellationToken, CachedComputation> Prepare(UInt128 hash, Device device, Recording recording)
    {
        var graph = SegmentGraph.Build(recording, recording.Roots);
        var keyBytes = recording.EncodingLength * sizeof(long);
        var why = engine.CompileHistory.Numbered(CompileExplainer.Explain(device, hash, graph, cache));
        var limits = new CompileLimitScope(engine.CompileLimit, engine.CurrentFlow?.Limits);
        var options = FallbackRoute.Options(engine, recording.AnySize);
        var refusing = CompileLimitScope.Take(limits);
        return cancellationToken =>
        {
            var start = Stopwatch.GetTimestamp();
            Computation? computation = null;
            // What is only put together counts against no limit, and may be where one is used up.
            try { computation = compiler.Compile(device, graph, new(options, why, refusing is null ? null : new(refusing, why), cancellationToken)); }
            finally
            {
                if (refusing is null && computation is not { IsAssembled: false }) CompileLimitScope.Return(limits);
            }
            var time = Stopwatch.GetElapsedTime(start);
            if (!computation.IsAssembled)
            {
                Log.Explained(logger, CompileHistory.LevelOf(why), device.Id, time.TotalMilliseconds, why);
                engine.CompileHistory.Add(why, device);
            }
            return new(graph, computation, keyBytes) { Key = hash, Device = device.Id, CompileTime = time, Explanation = why };
        };
    }

    private static string Outcome(CachedComputation program, bool hit) =>
        hit ? "in the cache" : program.Computation.IsAssembled ? "put together from code that is there" : $"compiled: {program.Explanation}";
}

using LazyHost.Backends;
using static LazyHost.Contract.BehaviourCases;

namespace LazyHost.Contract;

/// <summary>Memory: copies, statistics, leaks.</summary>
internal static class BufferCases
{
    private const string Group = "buffers";

    public static IEnumerable<ContractCase> All() =>
    [
        .. DTypes.All.Select(type => new ContractCase(Group, $"{type.Name()} comes back as it went", harness => RoundTripAsync(harness, type))),
        .. new[] { 0, 1, 3, 63, 64, 65, 4097 }.Select(size => new ContractCase(Group, $"{size} bytes come back as they went", harness => RoundTripAsync(harness, size))),
        new(Group, "a copy between buffers is a copy", CopyBetweenAsync),
        new(Group, "part of a buffer can be copied", PartialAsync),
        new(Group, "statistics count buffers", StatisticsAsync),
        new(Group, "nothing is left after everything is disposed", NoLeakAsync),
        new(Group, "nothing is left after a failed compile", NoLeakAfterFailureAsync),
        new(Group, "disposing twice gives back once", DisposeTwiceAsync),
        new(Group, "a cancelled copy throws or completes", CancelledCopyAsync),
    ];

    private static Task RoundTripAsync(Harness harness, DType type) => RoundTripAsync(harness, Generator.For(type.Name()).Elements(new(type, [5, 7]), -100, 100).Bytes);

    private static Task RoundTripAsync(Harness harness, int size)
    {
        var bytes = new byte[size];
        for (var i = 0; i < size; i++) bytes[i] = (byte)((i * 7) + 1);
        return RoundTripAsync(harness, bytes);
    }

    private static async Task RoundTripAsync(Harness harness, byte[] bytes)
    {
        using var buffer = await harness.UploadAsync(bytes).ConfigureAwait(false);
        Require(buffer.ByteSize >= bytes.Length, $"asked for {bytes.Length} bytes, got a buffer of {buffer.ByteSize}");
        Require((await harness.DownloadAsync(buffer, bytes.Length).ConfigureAwait(false)).AsSpan().SequenceEqual(bytes), $"{bytes.Length} bytes did not come back as they went");
    }

    private static async Task CopyBetweenAsync(Harness harness)
    {
        byte[] content = [1, 2, 3, 4, 5];
        using var from = await harness.UploadAsync(content).ConfigureAwait(false);
        using var to = await harness.UploadAsync(new byte[5]).ConfigureAwait(false);
        await harness.Backend.CopyAsync(from, to, 5, harness.CancellationToken).ConfigureAwait(false);
        await harness.Backend.CopyFromHostAsync(new byte[5], from, harness.CancellationToken).ConfigureAwait(false);
        Require((await harness.DownloadAsync(to, 5).ConfigureAwait(false)).AsSpan().SequenceEqual(content), "the copy did not hold what its source held when it was made");
    }

    private static async Task PartialAsync(Harness harness)
    {
        using var from = await harness.UploadAsync(new byte[] { 1, 2, 3, 4 }).ConfigureAwait(false);
        using var to = await harness.UploadAsync(new byte[] { 9, 9, 9, 9 }).ConfigureAwait(false);
        await harness.Backend.CopyAsync(from, to, 2, harness.CancellationToken).ConfigureAwait(false);
        Require((await harness.DownloadAsync(to, 4).ConfigureAwait(false)).AsSpan().SequenceEqual(new byte[] { 1, 2, 9, 9 }), "a copy of 2 bytes must change 2 bytes");
    }

    private static async Task StatisticsAsync(Harness harness)
    {
        var before = harness.Backend.GetMemoryStatistics(0);
        using (await harness.UploadAsync(new byte[100_000]).ConfigureAwait(false))
        {
            var during = harness.Backend.GetMemoryStatistics(0);
            Require(during.InUse >= before.InUse + 100_000 && during.Buffers == before.Buffers + 1, $"one buffer of 100000 bytes turned {before} into {during}");
            Require(during.Reserved >= during.InUse && during.Peak >= during.InUse, $"what is in use is part of what is reserved, and no more than the peak, but statistics are {during}");
        }
        RequireNothingLeft(harness.Backend, before);
    }

    private static async Task NoLeakAsync(Harness harness)
    {
        var before = harness.Backend.GetMemoryStatistics(0);
        var graph = Graphs.Mixed(DType.Float32);
        for (var i = 0; i < 3; i++) await harness.RunAsync(graph, Graphs.Inputs(graph, "leak")).ConfigureAwait(false);
        RequireNothingLeft(harness.Backend, before);
    }

    private static async Task NoLeakAfterFailureAsync(Harness harness)
    {
        var before = harness.Backend.GetMemoryStatistics(0);
        await CompilationCases.CompileUnknownCallAsync(harness).ConfigureAwait(false);
        RequireNothingLeft(harness.Backend, before);
    }

    private static async Task DisposeTwiceAsync(Harness harness)
    {
        var before = harness.Backend.GetMemoryStatistics(0);
        var buffer = await harness.UploadAsync(new byte[64]).ConfigureAwait(false);
        buffer.Dispose();
        buffer.Dispose();
        RequireNothingLeft(harness.Backend, before);
    }

    private static async Task CancelledCopyAsync(Harness harness)
    {
        var cancelled = new CancellationToken(canceled: true);
        using var buffer = await harness.UploadAsync(new byte[] { 1, 2, 3 }).ConfigureAwait(false);
        try { await harness.Backend.CopyFromHostAsync(new byte[] { 4, 5, 6 }, buffer, cancelled).ConfigureAwait(false); }
        catch (OperationCanceledException) { }
        await harness.Backend.CopyFromHostAsync(new byte[] { 7, 8, 9 }, buffer, harness.CancellationToken).ConfigureAwait(false);
        Require((await harness.DownloadAsync(buffer, 3).ConfigureAwait(false)).AsSpan().SequenceEqual(new byte[] { 7, 8, 9 }), "a copy after a cancelled one did not arrive");
    }

    private static void RequireNothingLeft(IBackend backend, MemoryStatistics before)
    {
        var after = backend.GetMemoryStatistics(0);
        Require(after.InUse == before.InUse && after.Buffers == before.Buffers, $"memory leaked: {before.InUse} bytes in {before.Buffers} buffers before, {after.InUse} in {after.Buffers} after");
    }
}

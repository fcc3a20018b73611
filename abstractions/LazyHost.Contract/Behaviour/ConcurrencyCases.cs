
namespace LazyHost.Contract;

/// <summary>What may happen at once.</summary>
internal static class ConcurrencyCases
{
    private const string Group = "concurrency";
    private const int Threads = 8;
    private const int RunsEach = 5;

    public static IEnumerable<ContractCase> All() =>
    [
        new(Group, "one program runs on 8 threads at once", OneProgramAsync),
        new(Group, "8 threads compile and run at once", CompileAsync),
        new(Group, "8 threads allocate and give back at once", AllocateAsync),
    ];

    private static async Task OneProgramAsync(Harness harness)
    {
        var graph = Graphs.Mixed(DType.Float32);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        var inputs = Enumerable.Range(0, Threads).Select(i => Graphs.Inputs(graph, $"thread {i}")).ToArray();
        var expected = new Elements[Threads][];
        for (var i = 0; i < Threads; i++) expected[i] = await harness.RunAsync(executable, graph, inputs[i]).ConfigureAwait(false);
        await AllAsync(async i =>
        {
            using var run = await harness.PrepareAsync(executable, graph, inputs[i]).ConfigureAwait(false);
            await run.ExecuteAsync().ConfigureAwait(false);
            RequireSame(i, expected[i], await run.FetchAsync().ConfigureAwait(false));
        }).ConfigureAwait(false);
    }

    private static async Task CompileAsync(Harness harness)
    {
        var graphs = Enumerable.Range(0, Threads).Select(i => Graphs.MultiplyAdd(DType.Float32, i + 1, 17)).ToArray();
        var inputs = graphs.Select((graph, i) => Graphs.Inputs(graph, $"compile {i}")).ToArray();
        var expected = new Elements[Threads][];
        for (var i = 0; i < Threads; i++) expected[i] = await harness.RunAsync(graphs[i], inputs[i]).ConfigureAwait(false);
        await AllAsync(async i => RequireSame(i, expected[i], await harness.RunAsync(graphs[i], inputs[i]).ConfigureAwait(false))).ConfigureAwait(false);
    }

    private static async Task AllocateAsync(Harness harness)
    {
        var before = harness.Backend.GetMemoryStatistics(0);
        await AllAsync(async i =>
        {
            var bytes = new byte[1000 + i];
            Array.Fill(bytes, (byte)i);
            using var buffer = await harness.UploadAsync(bytes).ConfigureAwait(false);
            BehaviourCases.Require((await harness.DownloadAsync(buffer, bytes.Length).ConfigureAwait(false)).AsSpan().SequenceEqual(bytes), $"thread {i} read what it had not written");
        }).ConfigureAwait(false);
        var after = harness.Backend.GetMemoryStatistics(0);
        BehaviourCases.Require((after.InUse, after.Buffers) == (before.InUse, before.Buffers), $"memory leaked: {before} before, {after} after");
    }

    /// <summary>Runs the body on several threads, all released at once.</summary>
    private static async Task AllAsync(Func<int, Task> body)
    {
        using var ready = new SemaphoreSlim(0);
        var tasks = Enumerable.Range(0, Threads).Select(i => Task.Run(async () =>
        {
            await ready.WaitAsync().ConfigureAwait(false);
            for (var n = 0; n < RunsEach; n++) await body(i).ConfigureAwait(false);
        })).ToArray();
        ready.Release(Threads);
        await Task.WhenAll(tasks).ConfigureAwait(false);
    }

    private static void RequireSame(int thread, Elements[] expected, Elements[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Comparison.RequireEqual($"thread {thread}, output {i}", actual[i], expected[i]);
    }
}

using LazyHost.Backends;
using LazyHost.IR;
using static LazyHost.Contract.BehaviourCases;

namespace LazyHost.Contract;

/// <summary>Compiling: cancellation, failures, stable text, options.</summary>
internal static class CompilationCases
{
    private const string Group = "compilation";

    public static IEnumerable<ContractCase> All() =>
    [
        new(Group, "a cancelled token throws OperationCanceledException", CancelledAsync),
        new(Group, "a failed compile does not harm the next", FailedAsync),
        new(Group, "equal graphs give equal dumps", DumpAsync),
        new(Group, "a program describes itself", DescriptionAsync),
        new(Group, "disposing twice is harmless", DisposeTwiceAsync),
        new(Group, "what is put together needs no code", AssembledAsync),
        .. Floats.Select(type => new ContractCase(Group, $"without fusion {type.Name()} element-wise results have the same bits", harness => SameBitsAsync(harness, type))),
        .. Floats.Select(type => new ContractCase(Group, $"where other sizes follow {type.Name()} results have the same bits", harness => AnySizeAsync(harness, type))),
        .. Floats.Select(type => new ContractCase(Group, $"without fusion {type.Name()} results are the same within tolerance", harness => WithoutFusionAsync(harness, type))),
    ];

    private static DType[] Floats => [DType.Float32, DType.Float64];

    /// <summary>Compiles what Query refuses; it must throw.</summary>
    public static async Task CompileUnknownCallAsync(Harness harness)
    {
        try { (await harness.CompileAsync(Graphs.UnknownCall()).ConfigureAwait(false)).Dispose(); }
#pragma warning disable CA1031 // Any exception will do: the host turns it into its own.
        catch (Exception) { return; }
#pragma warning restore CA1031
        throw new ContractFailureException("a custom call that nobody knows was compiled; it must throw");
    }

    private static async Task CancelledAsync(Harness harness)
    {
        try
        {
            using var executable = await harness.Backend.CompileAsync(harness.Context(Graphs.Mixed(DType.Float32)), new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) { return; }
        throw new ContractFailureException("the token was cancelled before the call, but the compile completed");
    }

    private static async Task FailedAsync(Harness harness)
    {
        var graph = Graphs.MultiplyAdd(DType.Float32, 9);
        var inputs = Graphs.Inputs(graph, "failed");
        var before = await harness.RunAsync(graph, inputs).ConfigureAwait(false);
        await CompileUnknownCallAsync(harness).ConfigureAwait(false);
        Comparison.RequireEqual("after a failed compile", (await harness.RunAsync(graph, inputs).ConfigureAwait(false))[0], before[0]);
    }

    private static async Task DumpAsync(Harness harness)
    {
        using var first = await harness.CompileAsync(Graphs.Mixed(DType.Float32)).ConfigureAwait(false);
        using var second = await harness.CompileAsync(Graphs.Mixed(DType.Float32)).ConfigureAwait(false);
        Require(!string.IsNullOrWhiteSpace(first.Dump()), "the dump is empty");
        Require(first.Dump() == second.Dump(), $"two compiles of equal graphs have different dumps:\n{first.Dump()}\n{second.Dump()}");
    }

    private static async Task DescriptionAsync(Harness harness)
    {
        var graph = Graphs.Mixed(DType.Float32);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        Require(executable.WorkspaceBytes >= 0 && executable.ProgramBytes >= 0, $"sizes are {executable.WorkspaceBytes} and {executable.ProgramBytes} bytes");
        Require(executable.KernelCount > 0 && executable.EstimatedOperations > 0, $"{executable.KernelCount} kernels with {executable.EstimatedOperations} operations compute this program");
        foreach (var pair in executable.MayAlias)
            Require(pair.Input >= 0 && pair.Input < graph.Parameters.Count && pair.Output >= 0 && pair.Output < graph.Roots.Length, $"{pair} names a slot the program does not have");
    }

    private static async Task DisposeTwiceAsync(Harness harness)
    {
        var executable = await harness.CompileAsync(Graphs.MultiplyAdd(DType.Float32, 3)).ConfigureAwait(false);
        executable.Dispose();
        executable.Dispose();
    }

    private static async Task AssembledAsync(Harness harness)
    {
        using var nothing = await harness.Backend.AssembleAsync(harness.Context(Graphs.Chain(DType.Float32, 37)), harness.CancellationToken).ConfigureAwait(false);
        Require(nothing is null or { NewKernelCount: 0 }, $"code was made for {nothing?.NewKernelCount} kernels of a program that none may be made for");
        foreach (var count in new[] { 37, 53, 71, 90 })
        {
            var graph = Graphs.Chain(DType.Float32, count);
            var inputs = Graphs.Inputs(graph, "assembled");
            using var assembled = await harness.Backend.AssembleAsync(harness.Context(graph), harness.CancellationToken).ConfigureAwait(false);
            var expected = await harness.RunAsync(graph, inputs).ConfigureAwait(false);
            if (assembled is null) continue;
            Require(assembled.NewKernelCount == 0, $"code was made for {assembled.NewKernelCount} kernels of a program that none may be made for");
            Comparison.RequireEqual("put together", (await harness.RunAsync(assembled, graph, inputs).ConfigureAwait(false))[0], expected[0]);
        }
    }

    private static async Task SameBitsAsync(Harness harness, DType type)
    {
        var graph = Graphs.Chain(type, 1031);
        var inputs = Graphs.Inputs(graph, "bits");
        var fused = await harness.RunAsync(graph, inputs).ConfigureAwait(false);
        var single = await harness.RunAsync(graph, inputs, options: new CompilationOptions(Fusion: false)).ConfigureAwait(false);
        Comparison.RequireEqual("without fusion", single[0], fused[0]);
    }

    private static async Task AnySizeAsync(Harness harness, DType type)
    {
        foreach (var graph in new[] { Graphs.Chain(type, 77), Graphs.Chain(type, 1031), Graphs.Chain(type, 1), Graphs.Mixed(type) })
        {
            var inputs = Graphs.Inputs(graph, "any size");
            var own = await harness.RunAsync(graph, inputs).ConfigureAwait(false);
            var any = await harness.RunAsync(graph, inputs, options: new CompilationOptions(AnySize: true)).ConfigureAwait(false);
            for (var i = 0; i < own.Length; i++) Comparison.RequireEqual($"output {i} of code for any size", any[i], own[i]);
        }
    }

    private static async Task WithoutFusionAsync(Harness harness, DType type)
    {
        var graph = Graphs.Mixed(type);
        var inputs = Graphs.Inputs(graph, "fusion");
        var fused = await harness.RunAsync(graph, inputs).ConfigureAwait(false);
        var single = await harness.RunAsync(graph, inputs, options: new CompilationOptions(Fusion: false)).ConfigureAwait(false);
        for (var i = 0; i < fused.Length; i++) Comparison.Require($"output {i} without fusion", single[i], Tolerance.Default(type).Times(65), fused[i]);
    }
}

using LazyHost.IR;
using LazyHost.Operators;
using static LazyHost.Contract.BehaviourCases;

namespace LazyHost.Contract;

/// <summary>Running: how buffers, scalars and roots may be combined.</summary>
internal static class ExecutionCases
{
    private const string Group = "execution";

    public static IEnumerable<ContractCase> All() =>
    [
        new(Group, "results do not change when the program runs again", ResultsStayAsync),
        new(Group, "inputs are not changed", InputsStayAsync),
        new(Group, "one buffer may be two inputs", SharedInputAsync),
        .. DTypes.All.Where(type => type != DType.Bool).Select(type => new ContractCase(Group, $"{type.Name()} scalars vary without compiling again", harness => ScalarsVaryAsync(harness, type))),
        new(Group, "a parameter may be a root", ParameterRootAsync),
        new(Group, "a value may be two roots", TwoRootsAsync),
        new(Group, "a constant may be a root", ConstantRootAsync),
        new(Group, "unused parameters are allowed", UnusedParameterAsync),
        new(Group, "empty tensors run", EmptyAsync),
        new(Group, "only the result is written", WritesOnlyResultAsync),
        new(Group, "pairs declared as MayAlias may alias", AliasAsync),
        new(Group, "a cancelled run does not harm the next", CancelledRunAsync),
        new(Group, "runs of two programs may alternate", AlternateAsync),
    ];

    private static async Task ResultsStayAsync(Harness harness)
    {
        var graph = Graphs.Mixed(DType.Float32);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        using var first = await harness.PrepareAsync(executable, graph, Graphs.Inputs(graph, "first")).ConfigureAwait(false);
        await first.ExecuteAsync().ConfigureAwait(false);
        var before = await first.FetchAsync().ConfigureAwait(false);
        await harness.RunAsync(executable, graph, Graphs.Inputs(graph, "second")).ConfigureAwait(false);
        RequireSame("after a later run", before, await first.FetchAsync().ConfigureAwait(false));
    }

    private static async Task InputsStayAsync(Harness harness)
    {
        var graph = Graphs.Mixed(DType.Float32);
        var inputs = Graphs.Inputs(graph, "inputs");
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        using var run = await harness.PrepareAsync(executable, graph, inputs).ConfigureAwait(false);
        await run.ExecuteAsync().ConfigureAwait(false);
        for (var i = 0; i < inputs.Length; i++)
            Comparison.RequireEqual($"input {i} after the run", new(inputs[i].Type, await harness.DownloadAsync(run.Arguments.Inputs[i], inputs[i].Bytes.Length).ConfigureAwait(false)), inputs[i]);
    }

    private static async Task SharedInputAsync(Harness harness)
    {
        var graph = Graphs.MultiplyAdd(DType.Float32, 5);
        var x = Elements.Of(DType.Float32, 1, 2, 3, -4, 0.5);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        using var run = await harness.PrepareAsync(executable, graph, [x, x]).ConfigureAwait(false);
        run.Arguments.Inputs[1] = run.Arguments.Inputs[0];
        await run.ExecuteAsync().ConfigureAwait(false);
        Comparison.RequireEqual("x * x + x", (await run.FetchAsync().ConfigureAwait(false))[0], Elements.Of(DType.Float32, 2, 6, 12, 12, 0.75));
    }

    private static async Task<ContractResult> ScalarsVaryAsync(Harness harness, DType type)
    {
        var graph = Graphs.Scale(type, 3);
        if (harness.FirstRefused(graph) is not null) return ContractResult.Refused;
        var x = new Elements(new(type, [3]));
        var expected = new Elements(x.Type);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        foreach (var factor in new[] { 2, 3, 5 })
        {
            for (var i = 0; i < x.Count; i++)
                if (type.IsFloat()) { x.SetFloat(i, i + 1); expected.SetFloat(i, (i + 1) * factor); }
                else { x.SetInteger(i, i + 1); expected.SetInteger(i, (i + 1) * factor); }
            var scalar = type.IsFloat() ? BitConverter.DoubleToInt64Bits(factor) : factor;
            Comparison.RequireEqual($"[1, 2, 3] * {factor}", (await harness.RunAsync(executable, graph, [x], [scalar]).ConfigureAwait(false))[0], expected);
        }
        return ContractResult.Passed;
    }

    private static Task ParameterRootAsync(Harness harness)
    {
        var builder = new GraphBuilder();
        var (x, y) = (builder.Parameter(new(DType.Float32, [4])), builder.Parameter(new(DType.Int32, [2])));
        builder.AddRoot(y);
        builder.AddRoot(x);
        return RequireExpectedAsync(harness, builder.Build());
    }

    private static Task TwoRootsAsync(Harness harness)
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [33]));
        var y = builder.Emit(Primitives.Neg, [x]);
        builder.AddRoot(y);
        builder.AddRoot(y);
        builder.AddRoot(builder.Emit(Primitives.Add, [y, x]));
        return RequireExpectedAsync(harness, builder.Build());
    }

    private static Task ConstantRootAsync(Harness harness)
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.Constant, [], Attributes.Of(DType.Int32, new[] { 3L }, new[] { 1L, -2L, 3L })));
        builder.AddRoot(builder.Emit(Primitives.Iota, [], Attributes.Of(DType.Float32, new[] { 2L, 3L }, 1L)));
        builder.AddRoot(builder.Scalar(DType.Float32));
        return RequireExpectedAsync(harness, builder.Build(), BitConverter.DoubleToInt64Bits(1.5));
    }

    private static Task UnusedParameterAsync(Harness harness)
    {
        var builder = new GraphBuilder();
        builder.Parameter(new(DType.Float32, [3]));
        var y = builder.Parameter(new(DType.Float32, [3]));
        builder.Scalar(DType.Int64);
        builder.AddRoot(builder.Emit(Primitives.Mul, [y, y]));
        return RequireExpectedAsync(harness, builder.Build(), 7);
    }

    private static Task EmptyAsync(Harness harness)
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, [3, 0]));
        var doubled = builder.Emit(Primitives.Add, [x, x]);
        builder.AddRoot(doubled);
        builder.AddRoot(builder.Emit(Primitives.ReduceSum, [doubled], Attributes.Of(new[] { 1L })));
        builder.AddRoot(builder.Emit(Primitives.ReduceSum, [doubled], Attributes.Of(new[] { 0L })));
        return RequireExpectedAsync(harness, builder.Build());
    }

    private static async Task WritesOnlyResultAsync(Harness harness)
    {
        const int Margin = 64;
        var graph = Graphs.MultiplyAdd(DType.Float32, 37);
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        using var run = await harness.PrepareAsync(executable, graph, Graphs.Inputs(graph, "margin")).ConfigureAwait(false);
        var size = (int)graph.TypeOf(graph.Roots[0]).ByteSize;
        var pattern = new byte[size + Margin];
        Array.Fill(pattern, Harness.Untouched);
        using var roomy = await harness.UploadAsync(pattern).ConfigureAwait(false);
        run.Arguments.Outputs[0] = roomy;
        await run.ExecuteAsync().ConfigureAwait(false);
        var after = await harness.DownloadAsync(roomy, pattern.Length).ConfigureAwait(false);
        Require(!after.AsSpan(size).ContainsAnyExcept(Harness.Untouched), $"the result has {size} bytes, but bytes behind it were written");
        Require(after.AsSpan(0, size).ContainsAnyExcept(Harness.Untouched), "nothing was written");
    }

    private static async Task AliasAsync(Harness harness)
    {
        foreach (var graph in new[] { Graphs.MultiplyAdd(DType.Float32, 1000), Graphs.Chain(DType.Float32, 1000), Graphs.Mixed(DType.Float32), Graphs.Scale(DType.Float64, 100) })
        {
            var inputs = Graphs.Inputs(graph, "alias");
            var scalars = graph.Scalars.Select(_ => BitConverter.DoubleToInt64Bits(3)).ToArray();
            using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
            var expected = await harness.RunAsync(executable, graph, inputs, scalars).ConfigureAwait(false);
            foreach (var pair in executable.MayAlias)
            {
                using var run = await harness.PrepareAsync(executable, graph, inputs, scalars).ConfigureAwait(false);
                run.Arguments.Outputs[pair.Output] = run.Arguments.Inputs[pair.Input];
                await run.ExecuteAsync().ConfigureAwait(false);
                RequireSame($"with input {pair.Input} and output {pair.Output} in one buffer", expected, await run.FetchAsync().ConfigureAwait(false));
            }
        }
    }

    private static async Task CancelledRunAsync(Harness harness)
    {
        var graph = Graphs.Mixed(DType.Float32);
        var inputs = Graphs.Inputs(graph, "cancelled");
        using var executable = await harness.CompileAsync(graph).ConfigureAwait(false);
        var expected = await harness.RunAsync(executable, graph, inputs).ConfigureAwait(false);
        using (var run = await harness.PrepareAsync(executable, graph, inputs).ConfigureAwait(false))
            try { await harness.Backend.ExecuteAsync(executable, run.Arguments, new CancellationToken(canceled: true)).ConfigureAwait(false); }
            catch (OperationCanceledException) { }
        RequireSame("after a cancelled run", expected, await harness.RunAsync(executable, graph, inputs).ConfigureAwait(false));
    }

    private static async Task AlternateAsync(Harness harness)
    {
        var (one, two) = (Graphs.Mixed(DType.Float32), Graphs.MultiplyAdd(DType.Float64, 7, 3));
        using var first = await harness.CompileAsync(one).ConfigureAwait(false);
        using var second = await harness.CompileAsync(two).ConfigureAwait(false);
        var inputs = Graphs.Inputs(one, "one");
        var expected = await harness.RunAsync(first, one, inputs).ConfigureAwait(false);
        await harness.RunAsync(second, two, Graphs.Inputs(two, "two")).ConfigureAwait(false);
        RequireSame("after another program ran", expected, await harness.RunAsync(first, one, inputs).ConfigureAwait(false));
    }

    private static async Task RequireExpectedAsync(Harness harness, Graph graph, params long[] scalars)
    {
        var inputs = Graphs.Inputs(graph, "execution");
        RequireSame("as defined", harness.Expect(graph, inputs, scalars), await harness.RunAsync(graph, inputs, scalars).ConfigureAwait(false));
    }

    private static void RequireSame(string when, Elements[] expected, Elements[] actual)
    {
        for (var i = 0; i < expected.Length; i++) Comparison.RequireEqual($"output {i} {when}", actual[i], expected[i]);
    }
}

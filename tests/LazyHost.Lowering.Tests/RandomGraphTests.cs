using CsCheck;
using LazyHost.Backends;
using LazyHost.Lowering.Programs;
using LazyHost.Lowering.Tests.Interpreters;
using LazyHost.Lowering.Verification;

namespace LazyHost.Lowering.Tests;

public class RandomGraphTests
{
    private static readonly Gen<int[]> Choices = Gen.Int[0, 999].Array[10, 150];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_program_computes_what_its_graph_says(bool fusion) => Choices.Sample(choices =>
    {
        var (graph, parameters, scalars) = RandomGraph.Make(choices);
        var expected = GraphInterpreter.Run(graph, parameters, scalars);
        var program = ProgramLowering.Lower(graph, new(fusion), TestContext.Current.CancellationToken);
        ProgramVerifier.Verify(program);
        long[][] actual;
        try { actual = ProgramInterpreter.Run(program, parameters, scalars); }
        catch (Exception e) { throw new InvalidOperationException($"{e.Message}\n{graph}\n{program.Dump()}", e); }
        Same(expected, actual, () => graph + "\n" + program.Dump());
    }, iter: 2000, threads: 1);

    [Fact]
    public void Every_graph_pass_keeps_the_meaning() => Choices.Sample(choices =>
    {
        var (graph, parameters, scalars) = RandomGraph.Make(choices);
        var expected = GraphInterpreter.Run(graph, parameters, scalars);
        foreach (var (name, run) in ProgramLowering.GraphPasses)
        {
            var changed = run(graph);
            GraphVerifier.Verify(changed, name);
            Same(expected, GraphInterpreter.Run(changed, parameters, scalars), () => name + "\n" + graph + "\n" + changed);
            graph = changed;
        }
    }, iter: 1000, threads: 1);

    [Fact]
    public void An_output_may_take_the_memory_of_each_input_it_is_paired_with() => Choices.Sample(choices =>
    {
        var (graph, parameters, scalars) = RandomGraph.Make(choices);
        var program = ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken);
        var expected = ProgramInterpreter.Run(program, parameters, scalars);
        foreach (var pair in program.MayAlias)
            Same(expected, ProgramInterpreter.Run(program, parameters, scalars, [(pair.Input, pair.Output)]), () => pair + "\n" + program.Dump());
    }, iter: 500, threads: 1);

    [Fact]
    public void Lowering_is_deterministic() => Choices.Sample(choices =>
    {
        var text = ProgramLowering.Lower(RandomGraph.Make(choices).Graph, CompilationOptions.Default, TestContext.Current.CancellationToken).Dump();
        Assert.Equal(text, ProgramLowering.Lower(RandomGraph.Make(choices).Graph, CompilationOptions.Default, TestContext.Current.CancellationToken).Dump());
    }, iter: 100, threads: 1);

    private static void Same(long[][] expected, long[][] actual, Func<string> what)
    {
        for (var i = 0; i < expected.Length; i++)
            for (var k = 0; k < expected[i].Length; k++)
                if (expected[i][k] != actual[i][k])
                    Assert.Fail($"root {i}, element {k}: {Elements.Float(expected[i][k])} expected, " +
                        $"{Elements.Float(actual[i][k])} found\n{what()}");
    }
}

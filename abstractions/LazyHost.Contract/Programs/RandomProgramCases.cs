using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>Random programs of primitives against the oracle: the combinations nobody thought of. The seeds are fixed.</summary>
internal static class RandomProgramCases
{
    private const int Programs = 240;
    private const int PerGroup = 20;

    // Values stay within [-1, 1], and no step more than doubles an error; programs are shallow enough for this many roundings.
    private const double Roundings = 2048;

    public static IEnumerable<ContractCase> All() =>
        Enumerable.Range(0, Programs).Select(seed => new ContractCase($"random programs {seed / PerGroup * PerGroup} to {((seed / PerGroup) + 1) * PerGroup - 1}", $"seed {seed}", harness => RunAsync(harness, seed)) { Tier = seed < PerGroup ? ContractTier.Short : ContractTier.Full });

    private static async Task<ContractResult> RunAsync(Harness harness, int seed)
    {
        var type = seed % 2 == 0 ? DType.Float32 : DType.Float64;
        var graph = new RandomProgram(type, Generator.For($"program {seed}")).Build();
        Graph lowered;
        try { lowered = GraphDecomposer.Decompose(graph, harness.Backend.Query); }
        catch (UnsupportedOperatorException) { return ContractResult.Refused; }
        var generator = Generator.For($"inputs {seed}");
        Elements[] inputs = [.. graph.Parameters.Select(parameter => parameter.DType.IsFloat() ? generator.Elements(parameter, -1, 1) : generator.Elements(parameter, -9, 9))];
        var expected = harness.Expect(lowered, inputs);
        var actual = await harness.RunAsync(lowered, inputs).ConfigureAwait(false);
        var tolerance = new Tolerance(0, Roundings * (type == DType.Float32 ? MathF.BitIncrement(1) - 1 : Math.BitIncrement(1) - 1));
        for (var i = 0; i < actual.Length; i++)
            try { Comparison.Require($"output {i}", actual[i], actual[i].Type.DType.IsFloat() ? tolerance : Tolerance.Exact, expected[i]); }
            catch (ContractFailureException e) { throw new ContractFailureException($"{e.Message}\nin the program\n{lowered}", e); }
        return ContractResult.Passed;
    }
}

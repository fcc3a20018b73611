using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>Makes a case of each literal example.</summary>
internal static class LiteralCases
{
    public static IReadOnlyList<Literal> Literals { get; } =
    [
        .. ArithmeticLiterals.All(), .. FunctionLiterals.All(), .. BitLiterals.All(), .. CompareLiterals.All(), .. ConvertLiterals.All(), .. DataLiterals.All(),
        .. ShapeLiterals.All(), .. ReductionLiterals.All(), .. CumulativeLiterals.All(), .. IndexLiterals.All(), .. ProductLiterals.All(), .. WindowLiterals.All(),
        .. SortLiterals.All(),
    ];

    public static IEnumerable<ContractCase> All() =>
        Literals.GroupBy(literal => literal.Primitive.Name).SelectMany(group => group.Select((literal, i) => Case(group.Key, $"literal {i + 1}", literal)));

    private static ContractCase Case(string group, string name, Literal literal)
    {
        var types = string.Join(", ", literal.Operands.Select(operand => operand.Type));
        return new(group, $"{name} ({types})", harness => RunAsync(harness, literal));
    }

    private static async Task<ContractResult> RunAsync(Harness harness, Literal literal)
    {
        var graph = Graph(literal);
        if (harness.FirstRefused(graph) is not null) return ContractResult.Refused;
        var results = await harness.RunAsync(graph, literal.Operands).ConfigureAwait(false);
        for (var i = 0; i < results.Length; i++) Require(literal, i, results[i]);
        return ContractResult.Passed;
    }

    private static void Require(Literal literal, int output, Elements actual)
    {
        var expected = literal.Expected[output];
        if (!actual.Type.Equals(expected.Type)) throw new ContractFailureException($"the example says {expected.Type} but the primitive's rule says {actual.Type}");
        Comparison.Require($"output {output}", actual, literal.Tolerance(actual.Type.DType), expected);
    }

    private static Graph Graph(Literal literal)
    {
        var builder = new GraphBuilder();
        var operands = literal.Operands.Select(operand => builder.Parameter(operand.Type)).ToArray();
        var result = builder.Emit(literal.Primitive, operands, literal.Attributes);
        for (var i = 0; i < literal.Primitive.OutputCount; i++) builder.AddRoot(result with { Output = i });
        return builder.Build();
    }
}

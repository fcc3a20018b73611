using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Contract;

/// <summary>Looks at the suite itself: nothing is forgotten.</summary>
internal static class CoverageCases
{
    private const string Group = "coverage";

    public static IEnumerable<ContractCase> All() =>
    [
        new(Group, "every primitive has two literal examples", _ => Task.Run(EveryPrimitive)),
        new(Group, "every operator has samples in each of its element types", _ => Task.Run(EveryOperator)),
    ];

    private static void EveryPrimitive()
    {
        var counts = LiteralCases.Literals.CountBy(literal => literal.Primitive.Kind).ToDictionary();
        var missing = Enum.GetValues<PrimitiveKind>().Where(kind => kind != PrimitiveKind.CustomCall && counts.GetValueOrDefault(kind) < 2).ToList();
        if (missing.Count > 0) throw new ContractFailureException($"write two literal examples for {string.Join(", ", missing)}");
    }

    private static void EveryOperator()
    {
        var missing = OperatorCatalog.All.SelectMany(form => form.DTypes, (form, type) => (form, type)).Where(pair => !pair.form.Samples(pair.type).Any())
            .Select(pair => $"{pair.form.Name} in {pair.type.Name()}").ToList();
        if (missing.Count > 0) throw new ContractFailureException($"give samples for {string.Join(", ", missing)}");
    }
}

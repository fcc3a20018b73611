using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>
/// What every backend is held to: literal answers for each primitive, every operator on its samples against the oracle, the behaviour of the interface, and random
/// programs. Free of test frameworks. The cases are the same on every machine and in every run.
/// </summary>
public static class ContractSuite
{
    private static readonly Lazy<ILookup<string, ContractCase>> ByGroup = new(() => Cases().ToLookup(c => c.Group));

    /// <summary>All cases, grouped by operator, primitive or part of the interface. Making them is cheap; running them is not.</summary>
    public static IEnumerable<ContractCase> Cases() =>
        [.. CoverageCases.All(), .. BehaviourCases.All(), .. LiteralCases.All(), .. OperatorCases.All(), .. RandomProgramCases.All()];

    /// <summary>The cases of one operator, be it registered or not: a program holds backends to its own operators with them, and operators with kernels of their own to their decompositions.</summary>
    public static IEnumerable<ContractCase> ForOperator(OperatorForm form) => OperatorCases.Of(form);

    /// <summary>The groups, each once, in the order of <see cref="Cases"/>.</summary>
    public static IReadOnlyList<string> Groups => [.. ByGroup.Value.Select(group => group.Key)];

    /// <summary>The cases of one group; none for an unknown name.</summary>
    public static IEnumerable<ContractCase> InGroup(string group, ContractTier tier = ContractTier.Full) => ByGroup.Value[group].Where(c => c.Tier <= tier);
}

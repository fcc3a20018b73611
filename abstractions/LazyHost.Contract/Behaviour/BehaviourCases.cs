namespace LazyHost.Contract;

/// <summary>How a backend behaves, whatever it computes.</summary>
internal static class BehaviourCases
{
    public static IEnumerable<ContractCase> All() => [.. DeviceCases.All(), .. BufferCases.All(), .. CompilationCases.All(), .. ExecutionCases.All(), .. ConcurrencyCases.All()];

    /// <summary>Fails the case.</summary>
    public static void Require(bool condition, string otherwise)
    {
        if (!condition) throw new ContractFailureException(otherwise);
    }
}

using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Contract;

namespace LazyHost.Reference.Tests.Strictness;

internal static class Suite
{
    /// <summary>The messages of the cases that fail.</summary>
    public static async Task<List<string>> FailuresAsync(IBackend backend, IEnumerable<ContractCase> cases)
    {
        var failures = new List<string>();
        foreach (var contractCase in cases)
            try { await contractCase.RunAsync(backend, (graph, inputs, scalars) => ReferenceInterpreter.Run(graph, inputs, scalars), TestContext.Current.CancellationToken); }
            catch (ContractFailureException e) { failures.Add(e.Message); }
        return failures;
    }
}

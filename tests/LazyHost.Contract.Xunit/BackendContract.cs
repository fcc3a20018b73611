using LazyHost.Backends;
using LazyHost.Backends.Reference;
using Xunit;

namespace LazyHost.Contract.Xunit;

/// <summary>
/// The contract suite as tests: derive once per backend and say how to make it. There is a test for each group of cases; its message lists all that failed. The
/// oracle is the Reference backend.
/// </summary>
public abstract class BackendContract
{
    /// <summary>Makes the backend under test.</summary>
    protected abstract IBackend CreateBackend();

    /// <summary>Lets go of it after a test: by default, disposes it.</summary>
    protected virtual ValueTask ReleaseAsync(IBackend backend) => backend.DisposeAsync();

    /// <summary>How much of the suite is run: by default, all of it.</summary>
    protected virtual ContractTier Tier => ContractTier.Full;

    /// <summary>True where the backend may leave a case to the host's fallback. By default it may leave none.</summary>
    protected virtual bool MayRefuse(ContractCase contractCase) => false;

    /// <summary>The groups of the suite.</summary>
    public static TheoryData<string> Groups => new(ContractSuite.Groups);

    /// <summary>Runs the cases of one group.</summary>
    [Theory]
    [MemberData(nameof(Groups))]
    public async Task Holds(string group)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var failures = new List<string>();
        var passed = 0;
        var backend = CreateBackend();
        foreach (var contractCase in ContractSuite.InGroup(group, Tier))
            try
            {
                if (await contractCase.RunAsync(backend, Oracle, cancellation) == ContractResult.Passed) passed++;
                else if (!MayRefuse(contractCase)) failures.Add($"{contractCase}: the backend refused it, and MayRefuse does not allow that");
            }
            catch (ContractFailureException e) { failures.Add(e.Message); }
        await ReleaseAsync(backend);
        if (failures.Count > 0) Assert.Fail($"{failures.Count} cases failed and {passed} passed:\n{string.Join('\n', failures)}");
    }

    private static byte[][] Oracle(IR.Graph graph, IReadOnlyList<byte[]> inputs, IReadOnlyList<long> scalars) => ReferenceInterpreter.Run(graph, inputs, scalars);
}

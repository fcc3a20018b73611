using LazyHost.Backends;

namespace LazyHost.Contract;

/// <summary>One thing the contract asks of every backend.</summary>
public sealed class ContractCase
{
    private readonly Func<Harness, Task<ContractResult>> body;

    internal ContractCase(string group, string name, Func<Harness, Task<ContractResult>> body) => (Group, Name, this.body) = (group, name, body);

    internal ContractCase(string group, string name, Func<Harness, Task> body)
        : this(group, name, async harness => { await body(harness).ConfigureAwait(false); return ContractResult.Passed; }) { }

    /// <summary>The operator, primitive or part of the interface it looks at.</summary>
    public string Group { get; }

    /// <summary>What it looks at; unique within the group.</summary>
    public string Name { get; }

    /// <summary>The smallest tier that it belongs to.</summary>
    public ContractTier Tier { get; init; }

    /// <summary>Holds a backend to it. Cases may run in any order; at most one at a time on a backend.</summary>
    /// <exception cref="ContractFailureException">The backend broke the contract, or threw.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<ContractResult> RunAsync(IBackend backend, Oracle oracle, CancellationToken cancellationToken = default)
    {
        try { return await body(new Harness(backend, oracle, cancellationToken)).ConfigureAwait(false); }
        catch (ContractFailureException e) { throw new ContractFailureException($"{this}: {e.Message}", e.InnerException); }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { throw; }
#pragma warning disable CA1031 // Backends may throw anything; whatever it is, the case has failed.
        catch (Exception e) { throw new ContractFailureException($"{this}: threw {e.GetType().Name}: {e.Message}", e); }
#pragma warning restore CA1031
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Group} / {Name}";
}

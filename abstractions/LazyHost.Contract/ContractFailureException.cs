namespace LazyHost.Contract;

/// <summary>A backend that broke the contract. The message names the case, the element and what was expected.</summary>
public sealed class ContractFailureException : LazyHostException
{
    /// <summary>Makes the error.</summary>
    public ContractFailureException(string message, Exception? inner = null) : base(message, inner) { }
}

namespace LazyHost.Contract;

/// <summary>How a case ended that did not fail.</summary>
public enum ContractResult
{
    /// <summary>The backend did what the contract asks.</summary>
    Passed,
    /// <summary>The backend said, before anything was compiled, that it does not run this; the host would fall back. Whether that is acceptable is the caller's choice.</summary>
    Refused,
}

namespace LazyHost.Contract;

/// <summary>How much of the suite is run.</summary>
public enum ContractTier
{
    /// <summary>Every case but that operators see one shape in each element type, and few random programs run: for devices that compile or run slowly.</summary>
    Short,
    /// <summary>Every case.</summary>
    Full,
}

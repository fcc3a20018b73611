namespace LazyHost.Lowering.Programs;

/// <summary>Stores an expression through an access.</summary>
public readonly record struct KernelStore(int Access, int Expression);

namespace LazyHost.Lowering.Programs;

/// <summary>Where a buffer of a program lies.</summary>
public enum BufferKind
{
    /// <summary>Given by the caller, by parameter slot; read only.</summary>
    Input,
    /// <summary>Given by the caller, by root; written by the program.</summary>
    Output,
    /// <summary>A piece of the workspace.</summary>
    Temporary,
    /// <summary>Literal bytes the program holds.</summary>
    Constant,
}

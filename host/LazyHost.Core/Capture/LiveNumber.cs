namespace LazyHost;

/// <summary>A number that a captured function looks up anew on every run.</summary>
public abstract class LiveNumber
{
    private protected LiveNumber() { }

    /// <summary>Writes it to its slot of the scalar block, in the form of <see cref="IR.InputForms.Scalar"/>.</summary>
    internal abstract void Write(Span<long> scalars, int slot, DType type, in ReplayNumbers numbers);
}

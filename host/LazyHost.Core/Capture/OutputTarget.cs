namespace LazyHost;

/// <summary>Where an output of a captured program goes that is no result: exactly one of the three.</summary>
/// <param name="Variable">A tensor the function reaches and assigns to.</param>
/// <param name="Argument">An argument it assigns to, or -1.</param>
/// <param name="Gradient">A parameter it leaves a gradient in.</param>
/// <param name="Adds">True for a gradient that is added to what the parameter has.</param>
internal readonly record struct OutputTarget(Tensor? Variable, int Argument = -1, Parameter? Gradient = null, bool Adds = false)
{
    /// <summary>The tensor that is written as a variable, or null for a gradient.</summary>
    public Tensor? Of(ReadOnlySpan<Tensor> inputs) => Argument >= 0 ? inputs[Argument] : Variable;
}

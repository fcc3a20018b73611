using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>a + b; integers wrap; bool is "or".</summary>
public sealed class Add : ArithmeticForm
{
    private Add() : base("add") { }

    /// <summary>The form.</summary>
    public static Add Form { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => LazyHost.DTypes.All;

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value a, Value b) =>
        builder.Prim(builder.DTypeOf(a) == DType.Bool ? Primitives.Or : Primitives.Add, a, b);

    /// <inheritdoc/>
    protected override Value GradientOfFirst(GradientContext context, Value gradient) => gradient;

    /// <inheritdoc/>
    protected override Value GradientOfSecond(GradientContext context, Value gradient) => gradient;
}

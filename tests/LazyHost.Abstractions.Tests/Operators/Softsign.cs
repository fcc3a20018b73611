using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

// The example of docs/operators.md.
public sealed class Softsign : CompositeUnaryForm
{
    private Softsign() : base("softsign") { }

    public static Softsign Form { get; } = new();

    protected override Value Compute(IrBuilder builder, Value x, Attributes attributes) =>
        builder.Div(x, builder.Add(builder.Abs(x), 1));

    protected override Value Derivative(IrBuilder builder, Value x, Attributes attributes) =>
        builder.Reciprocal(builder.Square(builder.Add(builder.Abs(x), 1)));
}

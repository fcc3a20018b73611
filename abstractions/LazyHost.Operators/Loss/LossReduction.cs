using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>The attribute reduction of losses: "none", "mean" or "sum".</summary>
internal static class LossReduction
{
    public static AttributeSpec Spec { get; } = new("reduction", AttributeKind.Text);

    public static void Require(string reduction) =>
        Rules.RequireAttribute(reduction is "none" or "mean" or "sum", $"reduction is \"{reduction}\"; it must be \"none\", \"mean\" or \"sum\"");

    public static Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(type is DType.Float32 or DType.Float64 ? 50 : 4);
}

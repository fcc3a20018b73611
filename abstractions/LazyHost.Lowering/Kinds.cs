using LazyHost.IR;

namespace LazyHost.Lowering;

/// <summary>The families of primitives that passes tell apart.</summary>
internal static class Kinds
{
    /// <summary>True for parameters and scalars.</summary>
    public static bool IsInput(Node node) => node.Form == InputForms.Parameter || node.Form == InputForms.Scalar;

    /// <summary>True for unary, binary, comparison, select, cast and bitcast.</summary>
    public static bool IsElementwise(PrimitiveKind kind) => kind is >= PrimitiveKind.Neg and <= PrimitiveKind.Bitcast;

    /// <summary>True for the reductions that kernels express.</summary>
    public static bool IsReduction(PrimitiveKind kind) => kind is >= PrimitiveKind.ReduceSum and <= PrimitiveKind.ReduceOr;

    /// <summary>True for the primitives that only choose which element of their operand they give, besides reshape.</summary>
    public static bool IsView(PrimitiveKind kind) => kind is PrimitiveKind.Broadcast or PrimitiveKind.Permute or PrimitiveKind.Slice or PrimitiveKind.Reverse;

    /// <summary>True for a padding without elements between, which loads express by guards.</summary>
    public static bool IsEdgePad(Node node) => node.Form is Primitive { Kind: PrimitiveKind.Pad } && !node.Ints(2).ContainsAnyExcept(0);

    /// <summary>True for functions that cost many operations.</summary>
    public static bool IsTranscendental(PrimitiveKind kind) => kind is
        PrimitiveKind.Exp or PrimitiveKind.Expm1 or PrimitiveKind.Log or PrimitiveKind.Log1p or PrimitiveKind.Sin or PrimitiveKind.Cos or PrimitiveKind.Tanh or
        PrimitiveKind.Erf or PrimitiveKind.Pow or PrimitiveKind.Atan2;
}

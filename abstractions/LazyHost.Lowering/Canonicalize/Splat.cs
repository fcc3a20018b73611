using LazyHost.IR;

namespace LazyHost.Lowering.Canonicalize;

/// <summary>Constants that hold one number for all their elements.</summary>
internal static class Splat
{
    /// <summary>True when the node is a constant of one number; <paramref name="bits"/> is that number as the scalar block holds it.</summary>
    public static bool Is(Node node, out long bits)
    {
        bits = 0;
        if (node.Form is not Primitive { Kind: PrimitiveKind.Constant }) return false;
        var elements = node.Ints(2);
        if (elements.Length != 1) return false;
        bits = elements[0];
        return true;
    }

    /// <summary>True when the bits are this number in the type.</summary>
    public static bool Equals(long bits, DType type, double number) =>
        type.IsFloat() ? bits == BitConverter.DoubleToInt64Bits(number) : bits == (long)number;
}

using LazyHost.IR;

namespace LazyHost;

/// <summary>An operand of an operation: a tensor, or a number that is passed to the program as a parameter.</summary>
public readonly struct Operand
{
    // 24 bytes: two are made for every operation. The number is that of its kind: the bits of a double, or an integer.
    private readonly long number;
    private readonly DType kind;
    private readonly bool isTyped;

    private Operand(Tensor? tensor, long number, DType kind, bool isTyped = false) => (Tensor, this.number, this.kind, this.isTyped) = (tensor, number, kind, isTyped);

    /// <summary>The tensor, or null for a number.</summary>
    public Tensor? Tensor { get; }

    /// <summary>A tensor.</summary>
    public static implicit operator Operand(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor, 0, default);
    }

    /// <summary>A number; it takes the element type of the tensor beside it, or f32 beside integers.</summary>
    public static implicit operator Operand(double value) => new(null, BitConverter.DoubleToInt64Bits(value), DType.Float64);

    /// <summary>A whole number; it takes the element type of the tensor beside it, or i64 beside bools.</summary>
    public static implicit operator Operand(long value) => new(null, value, DType.Int64);

    /// <summary>A truth value; beside numbers it counts as 0 or 1.</summary>
    public static implicit operator Operand(bool value) => new(null, value ? 1 : 0, DType.Bool);

    /// <summary>A number of exactly this element type, whatever is beside it.</summary>
    internal static Operand Typed(DType type, long bits) => new(null, bits, type, isTyped: true);

    /// <summary>The element type the number takes beside a tensor of <paramref name="beside"/>.</summary>
    internal DType TypeBeside(DType beside) => isTyped ? kind : kind switch
    {
        DType.Bool => beside,
        DType.Int64 => beside == DType.Bool ? DType.Int64 : beside,
        _ => beside.IsFloat() ? beside : DType.Float32,
    };

    /// <summary>The number in the form of the scalar block.</summary>
    internal long Bits(DType type) => isTyped ? number : kind == DType.Float64 ? ScalarBits.Of(type, BitConverter.Int64BitsToDouble(number)) : ScalarBits.Of(type, number);
}

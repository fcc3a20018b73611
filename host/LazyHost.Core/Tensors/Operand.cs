using LazyHost.IR;

namespace LazyHost;

/// <summary>An operand of an operation: a tensor, or a number that is passed to the program as a parameter.</summary>
public readonly struct Operand
{
    private readonly double number;
    private readonly long integer;
    private readonly DType kind;

    private Operand(Tensor? tensor, double number, long integer, DType kind) => (Tensor, this.number, this.integer, this.kind) = (tensor, number, integer, kind);

    /// <summary>The tensor, or null for a number.</summary>
    public Tensor? Tensor { get; }

    /// <summary>A tensor.</summary>
    public static implicit operator Operand(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor, 0, 0, default);
    }

    /// <summary>A number; it takes the element type of the tensor beside it, or f32 beside integers.</summary>
    public static implicit operator Operand(double value) => new(null, value, 0, DType.Float64);

    /// <summary>A whole number; it takes the element type of the tensor beside it, or i64 beside bools.</summary>
    public static implicit operator Operand(long value) => new(null, value, value, DType.Int64);

    /// <summary>A truth value; beside numbers it counts as 0 or 1.</summary>
    public static implicit operator Operand(bool value) => new(null, value ? 1 : 0, value ? 1 : 0, DType.Bool);

    /// <summary>A number of exactly this element type, whatever is beside it.</summary>
    internal static Operand Typed(DType type, long bits) => new(null, 0, bits, type) { IsTyped = true };

    private bool IsTyped { get; init; }

    /// <summary>The element type the number takes beside a tensor of <paramref name="beside"/>.</summary>
    internal DType TypeBeside(DType beside) => IsTyped ? kind : kind switch
    {
        DType.Bool => beside,
        DType.Int64 => beside == DType.Bool ? DType.Int64 : beside,
        _ => beside.IsFloat() ? beside : DType.Float32,
    };

    /// <summary>The number in the form of the scalar block.</summary>
    internal long Bits(DType type) => IsTyped ? integer : kind == DType.Float64 ? ScalarBits.Of(type, number) : ScalarBits.Of(type, integer);
}

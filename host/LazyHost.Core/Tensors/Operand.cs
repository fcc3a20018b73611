using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

/// <summary>An operand of an operation: a tensor, or a number that is passed to the program as a parameter.</summary>
public readonly struct Operand
{
    // 24 bytes: two are made for every operation. The number is that of its kind: the bits of a double, or an integer.
    private readonly object? source;
    private readonly long number;
    private readonly DType kind;
    private readonly Flags flags;

    private Operand(object? source, long number, DType kind, Flags flags = Flags.None) => (this.source, this.number, this.kind, this.flags) = (source, number, kind, flags);

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        /// <summary>The number is of exactly its kind.</summary>
        Typed = 1,
        Tensor = 2,
    }

    /// <summary>The tensor, or null for a number.</summary>
    public Tensor? Tensor => (flags & Flags.Tensor) != 0 ? Unsafe.As<Tensor>(source) : null;

    /// <summary>Where a captured function finds the number anew on every run, or null where it is fixed.</summary>
    internal LiveNumber? Live => (flags & Flags.Tensor) == 0 ? Unsafe.As<LiveNumber>(source) : null;

    /// <summary>A tensor.</summary>
    public static implicit operator Operand(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor, 0, default, Flags.Tensor);
    }

    /// <summary>A number; it takes the element type of the tensor beside it, or f32 beside integers.</summary>
    public static implicit operator Operand(double value) => new(null, BitConverter.DoubleToInt64Bits(value), DType.Float64);

    /// <summary>A whole number; it takes the element type of the tensor beside it, or i64 beside bools.</summary>
    public static implicit operator Operand(long value) => new(null, value, DType.Int64);

    /// <summary>A truth value; beside numbers it counts as 0 or 1.</summary>
    public static implicit operator Operand(bool value) => new(null, value ? 1 : 0, DType.Bool);

    /// <summary>A number that captured functions look up anew on every run; elsewhere, its value now.</summary>
    public static implicit operator Operand(Scalar scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        return new(scalar, BitConverter.DoubleToInt64Bits(scalar.AtRecording), DType.Float64);
    }

    /// <summary>A number of exactly this element type, whatever is beside it.</summary>
    internal static Operand Typed(DType type, long bits, LiveNumber? live = null) => new(live, bits, type, Flags.Typed);

    /// <summary>This number as one of exactly this element type.</summary>
    internal Operand As(DType type) => new(source, Bits(type), type, Flags.Typed);

    /// <summary>The element type the number takes beside a tensor of <paramref name="beside"/>.</summary>
    internal DType TypeBeside(DType beside) => (flags & Flags.Typed) != 0 ? kind : kind switch
    {
        DType.Bool => beside,
        DType.Int64 => beside == DType.Bool ? DType.Int64 : beside,
        _ => beside.IsFloat() ? beside : DType.Float32,
    };

    /// <summary>The number in the form of the scalar block.</summary>
    internal long Bits(DType type) => (flags & Flags.Typed) != 0 ? number : kind == DType.Float64 ? ScalarBits.Of(type, BitConverter.Int64BitsToDouble(number)) : ScalarBits.Of(type, number);
}

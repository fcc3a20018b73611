namespace LazyHost;

/// <summary>Facts about <see cref="DType"/> values: sizes, kinds, promotion, .NET types.</summary>
public static class DTypes
{
    /// <summary>Every element type, in the order of their numbers.</summary>
    public static IReadOnlyList<DType> All { get; } = Enum.GetValues<DType>();

    private static readonly string[] Names = ["bool", "u8", "i8", "u16", "i16", "u32", "i32", "u64", "i64", "f16", "bf16", "f32", "f64"];
    private static readonly byte[] Sizes = [1, 1, 1, 2, 2, 4, 4, 8, 8, 2, 2, 4, 8];

    /// <summary>The short name: <c>f32</c>, <c>i64</c>, <c>bf16</c>.</summary>
    public static string Name(this DType type) => Names[(int)type];

    /// <summary>The size of one element in bytes.</summary>
    public static int Size(this DType type) => Sizes[(int)type];

    /// <summary>True for f16, bf16, f32 and f64.</summary>
    public static bool IsFloat(this DType type) => type >= DType.Float16;

    /// <summary>True for the eight integer types; bool is not one.</summary>
    public static bool IsInteger(this DType type) => type is > DType.Bool and < DType.Float16;

    /// <summary>True for the signed integers and the floating-point types.</summary>
    public static bool IsSigned(this DType type) => type.IsFloat() || type is DType.Int8 or DType.Int16 or DType.Int32 or DType.Int64;

    /// <summary>The type in which a kernel computes: f32 for f16 and bf16, else the type itself.</summary>
    public static DType ComputeType(this DType type) => type is DType.Float16 or DType.BFloat16 ? DType.Float32 : type;

    /// <summary>The common type of two operands, by PyTorch's rules: float beats integer beats bool; among integers the wider, a signed type wide enough
    /// for both where signs differ (u64 with a signed type gives f32); f16 with bf16 gives f32.</summary>
    public static DType Promote(DType a, DType b)
    {
        if (a == b) return a;
        if (a.IsFloat() || b.IsFloat())
        {
            if (!a.IsFloat()) return b;
            if (!b.IsFloat()) return a;
            return a.Size() == b.Size() ? DType.Float32 : (DType)Math.Max((byte)a, (byte)b);
        }
        if (a == DType.Bool) return b;
        if (b == DType.Bool) return a;
        if (a.IsSigned() == b.IsSigned()) return a.Size() > b.Size() ? a : b;
        var (signed, unsigned) = a.IsSigned() ? (a, b) : (b, a);
        if (signed.Size() > unsigned.Size()) return signed;
        return unsigned.Size() switch { 1 => DType.Int16, 2 => DType.Int32, 4 => DType.Int64, _ => DType.Float32 };
    }

    /// <summary>The element type that stands for the .NET type <typeparamref name="T"/>.</summary>
    /// <exception cref="DTypeMismatchException">No element type stands for <typeparamref name="T"/>.</exception>
    public static DType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32 : typeof(T) == typeof(double) ? DType.Float64 : typeof(T) == typeof(int) ? DType.Int32 :
        typeof(T) == typeof(long) ? DType.Int64 : typeof(T) == typeof(byte) ? DType.UInt8 : typeof(T) == typeof(sbyte) ? DType.Int8 :
        typeof(T) == typeof(short) ? DType.Int16 : typeof(T) == typeof(ushort) ? DType.UInt16 : typeof(T) == typeof(uint) ? DType.UInt32 :
        typeof(T) == typeof(ulong) ? DType.UInt64 : typeof(T) == typeof(bool) ? DType.Bool : typeof(T) == typeof(Half) ? DType.Float16 :
        typeof(T) == typeof(BFloat16) ? DType.BFloat16 :
        throw new DTypeMismatchException($"the .NET type {typeof(T).Name} is no element type; use bool, an integer of 8 to 64 bits, Half, BFloat16, float or double");

    /// <summary>The element type with a short name such as <c>f32</c>, or null.</summary>
    public static DType? Parse(string name)
    {
        var index = Array.IndexOf(Names, name);
        return index < 0 ? null : (DType)index;
    }
}

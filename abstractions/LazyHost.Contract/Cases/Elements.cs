using System.Globalization;
using System.Runtime.InteropServices;

namespace LazyHost.Contract;

/// <summary>A tensor in host memory: what goes into a backend and what comes out.</summary>
internal sealed class Elements(TensorType type, byte[] bytes)
{
    public Elements(TensorType type) : this(type, new byte[type.ByteSize]) { }

    public TensorType Type { get; } = type;

    public byte[] Bytes { get; } = bytes;

    public int Count => (int)Type.Shape.ElementCount;

    public static Elements Of(DType type, params ReadOnlySpan<double> values)
    {
        var result = new Elements(new(type, [values.Length]));
        for (var i = 0; i < values.Length; i++) result.SetFloat(i, values[i]);
        return result;
    }

    public static Elements OfIntegers(DType type, params ReadOnlySpan<Int128> values)
    {
        var result = new Elements(new(type, [values.Length]));
        for (var i = 0; i < values.Length; i++) result.SetInteger(i, values[i]);
        return result;
    }

    /// <summary>The same elements in another shape; without sizes, a scalar.</summary>
    public Elements As(params long[] sizes)
    {
        var shape = Shape.Create(sizes);
        return shape.ElementCount == Count ? new(Type.With(shape), Bytes) : throw new ShapeMismatchException($"{Count} elements do not fill {shape}");
    }

    /// <summary>The same numbers, each floating-point type widened to f64.</summary>
    public Elements Widened()
    {
        if (!Type.DType.IsFloat() || Type.DType == DType.Float64) return this;
        var result = new Elements(Type.With(DType.Float64));
        for (var i = 0; i < Count; i++) result.SetFloat(i, Float(i));
        return result;
    }

    public double Float(int i) => Type.DType switch
    {
        DType.Float16 => (double)Span<Half>()[i],
        DType.BFloat16 => Span<BFloat16>()[i],
        DType.Float32 => Span<float>()[i],
        DType.Float64 => Span<double>()[i],
        _ => (double)Integer(i),
    };

    public Int128 Integer(int i) => Type.DType switch
    {
        DType.Int8 => Span<sbyte>()[i],
        DType.UInt16 => Span<ushort>()[i],
        DType.Int16 => Span<short>()[i],
        DType.UInt32 => Span<uint>()[i],
        DType.Int32 => Span<int>()[i],
        DType.UInt64 => Span<ulong>()[i],
        DType.Int64 => Span<long>()[i],
        _ => Bytes[i],
    };

    /// <summary>Rounds once to the element type.</summary>
    public void SetFloat(int i, double value)
    {
        switch (Type.DType)
        {
            case DType.Float16: Span<Half>()[i] = (Half)value; break;
            case DType.BFloat16: Span<BFloat16>()[i] = (BFloat16)value; break;
            case DType.Float32: Span<float>()[i] = (float)value; break;
            default: Span<double>()[i] = value; break;
        }
    }

    public void SetInteger(int i, Int128 value)
    {
        var low = unchecked((ulong)value);
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in low))[..Type.DType.Size()].CopyTo(Bytes.AsSpan(i * Type.DType.Size()));
    }

    /// <summary>One element as text that tells it from every other.</summary>
    public string Text(int i) => !Type.DType.IsFloat() ? Integer(i).ToString(CultureInfo.InvariantCulture)
        : Type.DType == DType.Float64 ? Float(i).ToString("R", CultureInfo.InvariantCulture) : ((float)Float(i)).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The multi-dimensional index of an element.</summary>
    public string IndexText(int i) =>
        "[" + string.Join(", ", Type.Shape.RowMajorStrides().Select((stride, d) => i / stride % Type.Shape[d])) + "]";

    private Span<T> Span<T>() where T : struct => MemoryMarshal.Cast<byte, T>(Bytes.AsSpan());
}

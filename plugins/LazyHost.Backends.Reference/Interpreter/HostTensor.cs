using System.Runtime.InteropServices;

namespace LazyHost.Backends.Reference;

/// <summary>Packed elements in host memory. Arithmetic sees them as binary64 (floating-point types) or as 128-bit integers (integers and bool).</summary>
internal sealed class HostTensor(TensorType type, byte[] bytes)
{
    public HostTensor(TensorType type) : this(type, new byte[type.ByteSize]) { }

    public TensorType Type { get; } = type;

    /// <summary>At least as long as the elements need.</summary>
    public byte[] Bytes { get; } = bytes;

    public DType DType => Type.DType;

    public Shape Shape => Type.Shape;

    public int Count => (int)Type.Shape.ElementCount;

    /// <summary>Elements given as 64-bit words of the scalar block: one for all, or one each.</summary>
    public static HostTensor Filled(TensorType type, ReadOnlySpan<long> words)
    {
        var result = new HostTensor(type);
        if (type.DType.IsFloat())
        {
            var values = new double[result.Count];
            for (var i = 0; i < values.Length; i++) values[i] = BitConverter.Int64BitsToDouble(words[words.Length == 1 ? 0 : i]);
            result.Store(values);
        }
        else
        {
            var values = new Int128[result.Count];
            for (var i = 0; i < values.Length; i++) values[i] = words[words.Length == 1 ? 0 : i];
            result.Store(values);
        }
        return result;
    }

    /// <summary>The elements of a floating-point tensor, exactly.</summary>
    public double[] Doubles() => DType switch
    {
        DType.Float16 => Map<Half, double>(v => (double)v),
        DType.BFloat16 => Map<BFloat16, double>(v => v),
        DType.Float32 => Map<float, double>(v => v),
        _ => Map<double, double>(v => v),
    };

    /// <summary>The elements of an integer or bool tensor, exactly.</summary>
    public Int128[] Integers() => DType switch
    {
        DType.Int8 => Map<sbyte, Int128>(v => v),
        DType.UInt16 => Map<ushort, Int128>(v => v),
        DType.Int16 => Map<short, Int128>(v => v),
        DType.UInt32 => Map<uint, Int128>(v => v),
        DType.Int32 => Map<int, Int128>(v => v),
        DType.UInt64 => Map<ulong, Int128>(v => v),
        DType.Int64 => Map<long, Int128>(v => v),
        _ => Map<byte, Int128>(v => v),
    };

    /// <summary>Rounds to the element type; f16 and bf16 by way of f32.</summary>
    public void Store(ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
            switch (DType)
            {
                case DType.Float16: As<Half>()[i] = (Half)(float)values[i]; break;
                case DType.BFloat16: As<BFloat16>()[i] = (BFloat16)(float)values[i]; break;
                case DType.Float32: As<float>()[i] = (float)values[i]; break;
                default: As<double>()[i] = values[i]; break;
            }
    }

    /// <summary>Keeps the low bits that the element type has: wraps.</summary>
    public void Store(ReadOnlySpan<Int128> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var low = unchecked((ulong)values[i]);
            switch (DType)
            {
                case DType.Bool: Bytes[i] = (byte)(low & 1); break;
                case DType.UInt8 or DType.Int8: Bytes[i] = unchecked((byte)low); break;
                case DType.UInt16 or DType.Int16: As<ushort>()[i] = unchecked((ushort)low); break;
                case DType.UInt32 or DType.Int32: As<uint>()[i] = unchecked((uint)low); break;
                default: As<ulong>()[i] = low; break;
            }
        }
    }

    /// <summary>Copies one element from a tensor of the same element size.</summary>
    public void CopyElement(long to, HostTensor source, long from)
    {
        var size = DType.Size();
        source.Bytes.AsSpan((int)from * size, size).CopyTo(Bytes.AsSpan((int)to * size));
    }

    private TTo[] Map<TFrom, TTo>(Func<TFrom, TTo> convert) where TFrom : struct
    {
        var from = As<TFrom>();
        var to = new TTo[Count];
        for (var i = 0; i < to.Length; i++) to[i] = convert(from[i]);
        return to;
    }

    private Span<T> As<T>() where T : struct => MemoryMarshal.Cast<byte, T>(Bytes.AsSpan());
}

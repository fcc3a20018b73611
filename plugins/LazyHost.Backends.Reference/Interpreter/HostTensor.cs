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
    public double[] Doubles()
    {
        var values = new double[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = DType switch
            {
                DType.Float16 => (double)As<Half>()[i],
                DType.BFloat16 => As<BFloat16>()[i],
                DType.Float32 => As<float>()[i],
                _ => As<double>()[i],
            };
        return values;
    }

    /// <summary>The elements of an integer or bool tensor, exactly.</summary>
    public Int128[] Integers()
    {
        var values = new Int128[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = DType switch
            {
                DType.Int8 => As<sbyte>()[i],
                DType.UInt16 => As<ushort>()[i],
                DType.Int16 => As<short>()[i],
                DType.UInt32 => As<uint>()[i],
                DType.Int32 => As<int>()[i],
                DType.UInt64 => As<ulong>()[i],
                DType.Int64 => As<long>()[i],
                _ => Bytes[i],
            };
        return values;
    }

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

    private Span<T> As<T>() where T : struct => MemoryMarshal.Cast<byte, T>(Bytes.AsSpan());
}

using LazyHost.IR;

namespace LazyHost.Simd.Tests;

/// <summary>Elements of any type as bytes: making, reading and comparing them.</summary>
internal static class Elements
{
    /// <summary>Random elements with a share of special values: zeros, extremes, and for floats infinities, NaN and subnormals.</summary>
    public static byte[] Random(Random random, TensorType type, bool hasSpecials = true, double scale = 4)
    {
        var bytes = new byte[type.ByteSize];
        for (long i = 0; i < type.Shape.ElementCount; i++) Put(bytes, type.DType, i, Number(random, type.DType, hasSpecials && random.Next(8) == 0, scale));
        return bytes;
    }

    public static double Get(byte[] bytes, DType type, long index) => type switch
    {
        DType.Bool or DType.UInt8 => bytes[index],
        DType.Int8 => (sbyte)bytes[index],
        DType.UInt16 => BitConverter.ToUInt16(bytes, (int)index * 2),
        DType.Int16 => BitConverter.ToInt16(bytes, (int)index * 2),
        DType.UInt32 => BitConverter.ToUInt32(bytes, (int)index * 4),
        DType.Int32 => BitConverter.ToInt32(bytes, (int)index * 4),
        DType.UInt64 => BitConverter.ToUInt64(bytes, (int)index * 8),
        DType.Int64 => BitConverter.ToInt64(bytes, (int)index * 8),
        DType.Float16 => (double)BitConverter.ToHalf(bytes, (int)index * 2),
        DType.BFloat16 => (float)new BFloat16(BitConverter.ToUInt16(bytes, (int)index * 2)),
        DType.Float32 => BitConverter.ToSingle(bytes, (int)index * 4),
        _ => BitConverter.ToDouble(bytes, (int)index * 8),
    };

    public static void Put(byte[] bytes, DType type, long index, double value)
    {
        byte[] element = type switch
        {
            DType.Bool => [value != 0 ? (byte)1 : (byte)0],
            DType.UInt8 => [unchecked((byte)(long)value)],
            DType.Int8 => [unchecked((byte)(sbyte)(long)value)],
            DType.UInt16 => BitConverter.GetBytes(unchecked((ushort)(long)value)),
            DType.Int16 => BitConverter.GetBytes(unchecked((short)(long)value)),
            DType.UInt32 => BitConverter.GetBytes(unchecked((uint)(long)value)),
            DType.Int32 => BitConverter.GetBytes(unchecked((int)(long)value)),
            DType.UInt64 => BitConverter.GetBytes(value < 0 ? ulong.MaxValue : (ulong)value),
            DType.Int64 => BitConverter.GetBytes((long)value),
            DType.Float16 => BitConverter.GetBytes((Half)value),
            DType.BFloat16 => BitConverter.GetBytes(((BFloat16)value).Bits),
            DType.Float32 => BitConverter.GetBytes((float)value),
            _ => BitConverter.GetBytes(value),
        };
        element.CopyTo(bytes, index * element.Length);
    }

    /// <summary>Compares two buffers element by element; integers must be equal, any NaN equals any NaN.</summary>
    public static void AssertClose(TensorType type, byte[] expected, byte[] actual, Tolerance tolerance, Func<string> context)
    {
        var size = type.DType.Size();
        for (long i = 0; i < type.Shape.ElementCount; i++)
        {
            if (expected.AsSpan((int)i * size, size).SequenceEqual(actual.AsSpan((int)i * size, size))) continue;
            var (e, a) = (Get(expected, type.DType, i), Get(actual, type.DType, i));
            if (type.DType.IsFloat() && ((double.IsNaN(e) && double.IsNaN(a)) || e == a || Math.Abs(e - a) <= tolerance.Absolute + (tolerance.Relative * Math.Abs(e)))) continue;
            Assert.Fail($"element {i} of {type} is {a:R} but should be {e:R}\n{context()}");
        }
    }

    /// <summary>A number that stands for the bits of a buffer, the same for every NaN.</summary>
    public static ulong Hash(TensorType type, byte[] bytes)
    {
        var hash = 14695981039346656037UL;
        for (long i = 0; i < type.Shape.ElementCount; i++)
        {
            var isNaN = type.DType.IsFloat() && double.IsNaN(Get(bytes, type.DType, i));
            for (var b = 0; b < type.DType.Size(); b++) hash = (hash ^ (isNaN ? (byte)0x7F : bytes[(i * type.DType.Size()) + b])) * 1099511628211UL;
        }
        return hash;
    }

    private static double Number(Random random, DType type, bool isSpecial, double scale)
    {
        if (type == DType.Bool) return random.Next(2);
        if (type.IsFloat())
            return isSpecial ? random.Next(12) switch
            {
                0 => 0, 1 => -0.0, 2 => double.PositiveInfinity, 3 => double.NegativeInfinity, 4 => double.NaN, 5 => 1, 6 => -1, 7 => 0.5, 8 => 1e-40, 9 => 3e4, 10 => -2.5, _ => 1.5,
            } : (random.NextDouble() - 0.5) * 2 * scale;
        var bits = type.Size() * 8;
        var least = type.IsSigned() ? -Math.Pow(2, bits - 1) : 0;
        var greatest = type.IsSigned() ? Math.Pow(2, bits - 1) - 1 : Math.Pow(2, bits) - 1;
        return isSpecial ? random.Next(4) switch { 0 => 0, 1 => least, 2 => greatest > 1e15 ? 1e15 : greatest, _ => type.IsSigned() ? -1 : 1 } : Math.Round((random.NextDouble() - (type.IsSigned() ? 0.5 : 0)) * 20);
    }
}

using LazyHost.Backends.Ilgpu.Functions;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>The types kernels see elements as.</summary>
internal static class ElementTypes
{
    /// <summary>An element alone.</summary>
    public static Type Of(DType type) => type switch
    {
        DType.Bool or DType.UInt8 => typeof(byte),
        DType.Int8 => typeof(sbyte),
        DType.Int16 => typeof(short),
        DType.UInt16 or DType.Float16 or DType.BFloat16 => typeof(ushort),
        DType.Int32 => typeof(int),
        DType.UInt32 => typeof(uint),
        DType.Int64 => typeof(long),
        DType.UInt64 => typeof(ulong),
        DType.Float32 => typeof(float),
        _ => typeof(double),
    };

    /// <summary>Several neighbours at once.</summary>
    public static Type Pack(DType type, int count) => (type.Size(), type.Size() * count) switch
    {
        (8, 16) => typeof(Longs2),
        (_, 16) => typeof(Words4),
        (_, 8) => typeof(Words2),
        (_, 4) => typeof(int),
        (_, 2) => typeof(ushort),
        _ => throw new CompilationException($"{count} elements of {type} are no unit of memory"),
    };
}

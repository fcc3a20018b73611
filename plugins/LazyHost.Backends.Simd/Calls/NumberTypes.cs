namespace LazyHost.Backends.Simd.Calls;

/// <summary>Picks the .NET type that stands for an element type. f16 and bf16 have none here: they are widened to f32 first.</summary>
internal static class NumberTypes
{
    public static TResult Visit<TVisitor, TResult>(DType type, TVisitor visitor) where TVisitor : INumberVisitor<TResult> => type switch
    {
        DType.Bool or DType.UInt8 => visitor.Visit<byte>(),
        DType.Int8 => visitor.Visit<sbyte>(),
        DType.UInt16 => visitor.Visit<ushort>(),
        DType.Int16 => visitor.Visit<short>(),
        DType.UInt32 => visitor.Visit<uint>(),
        DType.Int32 => visitor.Visit<int>(),
        DType.UInt64 => visitor.Visit<ulong>(),
        DType.Int64 => visitor.Visit<long>(),
        DType.Float64 => visitor.Visit<double>(),
        DType.Float32 => visitor.Visit<float>(),
        _ => throw new CompilationException($"{type.Name()} must be widened to f32 before it is computed with"),
    };

    /// <summary>Picks the unsigned type of an element's size: for calls that only move elements.</summary>
    public static TResult VisitSize<TVisitor, TResult>(int size, TVisitor visitor) where TVisitor : INumberVisitor<TResult> => size switch
    {
        1 => visitor.Visit<byte>(),
        2 => visitor.Visit<ushort>(),
        4 => visitor.Visit<uint>(),
        _ => visitor.Visit<ulong>(),
    };
}

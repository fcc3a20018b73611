namespace LazyHost.Backends.Ilgpu.Numbers;

/// <summary>Picks the .NET types that stand for an element type.</summary>
internal static class ElementTypes
{
    public static TResult Visit<TVisitor, TResult>(DType type, TVisitor visitor) where TVisitor : IElementVisitor<TResult> => type switch
    {
        DType.Bool or DType.UInt8 => visitor.Visit<byte, byte, PlainStorage<byte>>(),
        DType.Int8 => visitor.Visit<sbyte, sbyte, PlainStorage<sbyte>>(),
        DType.UInt16 => visitor.Visit<ushort, ushort, PlainStorage<ushort>>(),
        DType.Int16 => visitor.Visit<short, short, PlainStorage<short>>(),
        DType.UInt32 => visitor.Visit<uint, uint, PlainStorage<uint>>(),
        DType.Int32 => visitor.Visit<int, int, PlainStorage<int>>(),
        DType.UInt64 => visitor.Visit<ulong, ulong, PlainStorage<ulong>>(),
        DType.Int64 => visitor.Visit<long, long, PlainStorage<long>>(),
        _ => VisitFloat<TVisitor, TResult>(type, visitor),
    };

    public static TResult VisitFloat<TVisitor, TResult>(DType type, TVisitor visitor) where TVisitor : IElementVisitor<TResult> => type switch
    {
        DType.Float64 => visitor.Visit<double, double, PlainStorage<double>>(),
        DType.Float32 => visitor.Visit<float, float, PlainStorage<float>>(),
        DType.Float16 => visitor.Visit<ushort, float, Float16Storage>(),
        DType.BFloat16 => visitor.Visit<ushort, float, BFloat16Storage>(),
        _ => throw new CompilationException($"{type.Name()} is no floating-point type"),
    };

    /// <summary>Picks the unsigned type of an element's size: for calls that only move elements.</summary>
    public static TResult VisitSize<TVisitor, TResult>(int size, TVisitor visitor) where TVisitor : IElementVisitor<TResult> => size switch
    {
        1 => visitor.Visit<byte, byte, PlainStorage<byte>>(),
        2 => visitor.Visit<ushort, ushort, PlainStorage<ushort>>(),
        4 => visitor.Visit<uint, uint, PlainStorage<uint>>(),
        _ => visitor.Visit<ulong, ulong, PlainStorage<ulong>>(),
    };
}

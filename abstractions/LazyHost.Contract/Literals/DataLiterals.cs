using LazyHost.IR;
using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Literals, indices along an axis, random bits.</summary>
internal static class DataLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Constant, With(DType.Float32, Ints(2, 2), Doubles(1, NaN, -0.0, -Inf))).Gives(F32(1, NaN, -0.0, -Inf).As(2, 2)),
        Of(Primitives.Constant, With(DType.Float64, Ints(3), Doubles(0.1))).Gives(F64(0.1, 0.1, 0.1)),
        Of(Primitives.Constant, With(DType.BFloat16, Ints(), Doubles(-2.5))).Gives(BF16(-2.5).As()),
        Of(Primitives.Constant, With(DType.Int8, Ints(3), Ints(-128, 0, 127))).Gives(I8(-128, 0, 127)),
        Of(Primitives.Constant, With(DType.UInt64, Ints(2), Ints(-1, 1))).Gives(U64(ulong.MaxValue, 1)),
        Of(Primitives.Constant, With(DType.Bool, Ints(2), Ints(1, 0))).Gives(Bool(1, 0)),
        Of(Primitives.Constant, With(DType.Int32, Ints(2, 0), Ints(7))).Gives(I32().As(2, 0)),
        Of(Primitives.Iota, With(DType.Int32, Ints(2, 3), 0L)).Gives(I32(0, 0, 0, 1, 1, 1).As(2, 3)),
        Of(Primitives.Iota, With(DType.Float32, Ints(2, 3), 1L)).Gives(F32(0, 1, 2, 0, 1, 2).As(2, 3)),
        Of(Primitives.Iota, With(DType.Float16, Ints(3), 0L)).Gives(F16(0, 1, 2)),
        Of(Primitives.Iota, With(DType.UInt8, Ints(258), 0L)).Gives(U8([.. Enumerable.Range(0, 258).Select(i => (Int128)(i % 256))])),
        Of(Primitives.Iota, With(DType.Int64, Ints(0), 0L)).Gives(I64()),
        // The published answers of Philox 4x32-10 for a counter and key of zero; then its second block begins.
        Of(Primitives.RandomBits, With(Ints(2, 2)), U64(0).As(), U64(0).As()).Gives(U32(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8).As(2, 2)),
        Of(Primitives.RandomBits, With(Ints(0)), U64(1).As(), U64(2).As()).Gives(U32()),
        Of(Primitives.RandomBits, With(Ints(3)), U64(0).As(), U64(0).As()).Gives(U32(0x6627e8d5, 0xe169c58d, 0xbc57ac4c)),
    ];

    private static AttributeValue Doubles(params double[] values) => Array.ConvertAll(values, BitConverter.DoubleToInt64Bits);
}

using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Changing element types: truncation, saturation, wrapping, rounding to even, bits.</summary>
internal static class ConvertLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Cast, With(DType.Int32), F32(1.9, -1.9, NaN, Inf, -Inf, 3e9, -3e9, -0.5)).Gives(I32(1, -1, 0, int.MaxValue, int.MinValue, int.MaxValue, int.MinValue, 0)),
        Of(Primitives.Cast, With(DType.UInt8), F32(-1, 255.9, 256, 300, NaN, 0.99)).Gives(U8(0, 255, 255, 255, 0, 0)),
        Of(Primitives.Cast, With(DType.Int8), F64(127.5, 128, -128.9, -129, Inf)).Gives(I8(127, 127, -128, -128, 127)),
        Of(Primitives.Cast, With(DType.Int64), F64(9.3e18, -9.3e18, 9007199254740993, NaN, -2.5)).Gives(I64(long.MaxValue, long.MinValue, 9007199254740992, 0, -2)),
        Of(Primitives.Cast, With(DType.UInt64), F32(-1, 1.8446744e19, 9.223372036854775808e18, NaN)).Gives(U64(0, ulong.MaxValue, 9223372036854775808, 0)),
        Of(Primitives.Cast, With(DType.UInt32), F64(4294967295.5, -0.9, 4294967296)).Gives(U32(4294967295, 0, 4294967295)),
        Of(Primitives.Cast, With(DType.Int16), F16(40000, -40000, NaN, 1.5)).Gives(I16(32767, -32768, 0, 1)),
        Of(Primitives.Cast, With(DType.Int8), I32(128, -129, 255, 256, -1)).Gives(I8(-128, 127, -1, 0, -1)),
        Of(Primitives.Cast, With(DType.UInt16), I8(-1, 5)).Gives(U16(65535, 5)),
        Of(Primitives.Cast, With(DType.Int64), U32(4294967295)).Gives(I64(4294967295)),
        Of(Primitives.Cast, With(DType.UInt64), I32(-1)).Gives(U64(ulong.MaxValue)),
        Of(Primitives.Cast, With(DType.Bool), F32(0, -0.0, 0.5, NaN, -Inf)).Gives(Bool(0, 0, 1, 1, 1)),
        Of(Primitives.Cast, With(DType.Bool), I32(0, 256, -1)).Gives(Bool(0, 1, 1)),
        Of(Primitives.Cast, With(DType.Float32), Bool(0, 1)).Gives(F32(0, 1)),
        Of(Primitives.Cast, With(DType.Float32), I32(16777217, 16777219, -1)).Gives(F32(16777216, 16777220, -1)),
        Of(Primitives.Cast, With(DType.Float32), I64(9007199791611905, long.MinValue)).Gives(F32(9007200328482816, -9223372036854775808)),
        Of(Primitives.Cast, With(DType.Float64), U64(ulong.MaxValue, 3)).Gives(F64(18446744073709551616.0, 3)),
        Of(Primitives.Cast, With(DType.Float16), F32(65519, 65520, 1.00048828125, NaN, 1e-8)).Gives(F16(65504, Inf, 1, NaN, 0)),
        Of(Primitives.Cast, With(DType.BFloat16), F32(1.00390625, 1.01171875, Inf, NaN)).Gives(BF16(1, 1.015625, Inf, NaN)),
        Of(Primitives.Cast, With(DType.Float32), F64(1e300, 0.1, NaN)).Gives(F32(Inf, 0.100000001490116119384765625, NaN)),
        Of(Primitives.Bitcast, With(DType.UInt32), F32(1, -0.0, Inf)).Gives(U32(0x3F800000, 0x80000000, 0x7F800000)),
        Of(Primitives.Bitcast, With(DType.Float64), I64(4611686018427387904, -9223372036854775808)).Gives(F64(2, -0.0)),
        Of(Primitives.Bitcast, With(DType.Int8), U8(255, 127)).Gives(I8(-1, 127)),
        Of(Primitives.Bitcast, With(DType.UInt16), F16(1)).Gives(U16(0x3C00)),
        Of(Primitives.Bitcast, With(DType.BFloat16), F16(1)).Gives(BF16(0.0078125)),
    ];
}

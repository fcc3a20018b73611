using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Element-wise arithmetic: wrapping, division by zero, least / -1, NaN, infinities and signed zeros.</summary>
internal static class ArithmeticLiterals
{
    public static IEnumerable<Literal> All() => [.. Unary(), .. Sums(), .. Quotients(), .. Powers(), .. Extremes()];

    private static IEnumerable<Literal> Unary() =>
    [
        Of(Primitives.Neg, F32(1, -2.5, 0, -0.0, Inf, NaN)).Gives(F32(-1, 2.5, -0.0, 0, -Inf, NaN)),
        Of(Primitives.Neg, I8(1, -128, 127, 0)).Gives(I8(-1, -128, -127, 0)),
        Of(Primitives.Neg, U8(1, 0, 255, 128)).Gives(U8(255, 0, 1, 128)),
        Of(Primitives.Abs, F64(-1.5, -0.0, -Inf, NaN, 2)).Gives(F64(1.5, 0, Inf, NaN, 2)),
        Of(Primitives.Abs, BF16(-1.5, 3, -0.0)).Gives(BF16(1.5, 3, 0)),
        Of(Primitives.Abs, I32(-5, int.MinValue, int.MaxValue)).Gives(I32(5, int.MinValue, int.MaxValue)),
        Of(Primitives.Abs, U16(65535, 0)).Gives(U16(65535, 0)),
        Of(Primitives.Sign, F32(-3, 0, -0.0, 1e-30, -Inf, NaN)).Gives(F32(-1, 0, -0.0, 1, -1, NaN)),
        Of(Primitives.Sign, F16(-0.5, 6e-8, -0.0)).Gives(F16(-1, 1, -0.0)),
        Of(Primitives.Sign, I64(long.MinValue, 0, 7)).Gives(I64(-1, 0, 1)),
        Of(Primitives.Sign, U32(0, 4294967295)).Gives(U32(0, 1)),
    ];

    private static IEnumerable<Literal> Sums() =>
    [
        Of(Primitives.Add, F32(1, NaN, Inf, Inf, -0.0, 16777216), F32(2, 1, 1, -Inf, 0, 1)).Gives(F32(3, NaN, Inf, NaN, 0, 16777216)),
        Of(Primitives.Add, F64(0.1, 1e308, -0.0), F64(0.2, 1e308, -0.0)).Gives(F64(0.30000000000000004, Inf, -0.0)),
        Of(Primitives.Add, F16(2048, 65504), F16(1, 65504)).Gives(F16(2048, Inf)),
        Of(Primitives.Add, BF16(256, 1), BF16(1, 0.0078125)).Gives(BF16(256, 1.0078125)),
        Of(Primitives.Add, I8(127, -128, 100), I8(1, -1, 27)).Gives(I8(-128, 127, 127)),
        Of(Primitives.Add, U64(ulong.MaxValue, 5), U64(1, 6)).Gives(U64(0, 11)),
        Of(Primitives.Add, F32(), F32()).Gives(F32()),
        Of(Primitives.Sub, F32(1, Inf, 0, -0.0), F32(2, Inf, 0, 0)).Gives(F32(-1, NaN, 0, -0.0)),
        Of(Primitives.Sub, I32(int.MinValue, 3), I32(1, 5)).Gives(I32(int.MaxValue, -2)),
        Of(Primitives.Sub, U8(0, 200), U8(1, 100)).Gives(U8(255, 100)),
        Of(Primitives.Mul, F32(3, Inf, -0.0, 1e30, NaN), F32(-2, 0, 5, 1e30, 0)).Gives(F32(-6, NaN, -0.0, Inf, NaN)),
        Of(Primitives.Mul, F16(300, 0.5), F16(300, 0.25)).Gives(F16(Inf, 0.125)),
        Of(Primitives.Mul, I16(300, -32768, 255), I16(300, -1, 257)).Gives(I16(24464, -32768, -1)),
        Of(Primitives.Mul, U32(65536, 4294967295), U32(65536, 4294967295)).Gives(U32(0, 1)),
        Of(Primitives.Mul, I64(4611686018427387904, 3037000500), I64(2, 3037000500)).Gives(I64(long.MinValue, -9223372036709301616)),
    ];

    private static IEnumerable<Literal> Quotients() =>
    [
        Of(Primitives.Div, F32(1, -1, 0, 1, Inf, 7), F32(0, 0, 0, -0.0, Inf, 2)).Gives(F32(Inf, -Inf, NaN, -Inf, NaN, 3.5)),
        Of(Primitives.Div, F64(1, 1), F64(3, Inf)).Gives(F64(0.3333333333333333, 0)),
        Of(Primitives.Div, I32(7, -7, 7, 5, int.MinValue, 0), I32(2, 2, -2, 0, -1, 0)).Gives(I32(3, -3, -3, -1, int.MinValue, -1)),
        Of(Primitives.Div, I8(-128, -128, 100), I8(-1, 0, 7)).Gives(I8(-128, -1, 14)),
        Of(Primitives.Div, U8(7, 5, 255), U8(2, 0, 16)).Gives(U8(3, 255, 15)),
        Of(Primitives.Div, I64(long.MinValue, 9, -9), I64(-1, 0, 4)).Gives(I64(long.MinValue, -1, -2)),
        Of(Primitives.Div, U64(ulong.MaxValue, 1), U64(3, 0)).Gives(U64(6148914691236517205, ulong.MaxValue)),
        Of(Primitives.Rem, F32(5.5, -5.5, 5.5, 1, Inf, 3, -0.0, -4), F32(2, 2, -2, 0, 2, Inf, 2, 2)).Gives(F32(1.5, -1.5, 1.5, NaN, NaN, 3, -0.0, -0.0)),
        Of(Primitives.Rem, I32(7, -7, 7, 5, int.MinValue), I32(3, 3, -3, 0, -1)).Gives(I32(1, -1, 1, 5, 0)),
        Of(Primitives.Rem, U16(65535, 9), U16(16, 0)).Gives(U16(15, 9)),
        Of(Primitives.Rem, I64(long.MinValue, -9), I64(-1, 0)).Gives(I64(0, -9)),
    ];

    private static IEnumerable<Literal> Powers() =>
    [
        Of(Primitives.Pow, F32(2, 4, -2, 0, 0, 9), F32(10, 0.5, 3, -1, 0, -0.5)).GivesNearly(F32(1024, 2, -8, Inf, 1, 1.0 / 3)),
        Of(Primitives.Pow, F64(NaN, 1, -8, -1, 0.5, 2, -0.0), F64(0, NaN, 1.0 / 3, Inf, Inf, -Inf, -3)).GivesNearly(F64(1, 1, NaN, 1, 0, 0, -Inf)),
        Of(Primitives.Pow, I32(2, 3, -3, 2, 10, 0, 5), I32(10, 4, 3, 31, 10, 0, 0)).Gives(I32(1024, 81, -27, int.MinValue, 1410065408, 1, 1)),
        Of(Primitives.Pow, I64(1, -1, -1, 2, 0), I64(-5, -3, -4, -1, -2)).Gives(I64(1, -1, 1, 0, 0)),
        Of(Primitives.Pow, U8(2, 3, 255), U8(8, 6, 255)).Gives(U8(0, 217, 255)),
        Of(Primitives.Atan2, F32(0, 1, -1, 0, -0.0, 1), F32(1, 0, 0, -1, -1, 1)).GivesNearly(F32(0, Math.PI / 2, -Math.PI / 2, Math.PI, -Math.PI, Math.PI / 4)),
        Of(Primitives.Atan2, F64(Inf, Inf, -Inf, NaN, 1), F64(Inf, -Inf, 2, 1, Inf)).GivesNearly(F64(Math.PI / 4, 3 * Math.PI / 4, -Math.PI / 2, NaN, 0)),
        Of(Primitives.Atan2, F16(-1, 1), F16(-1, -1)).GivesNearly(F16(-3 * Math.PI / 4, 3 * Math.PI / 4)),
    ];

    private static IEnumerable<Literal> Extremes() =>
    [
        Of(Primitives.Max, F32(1, NaN, 1, -0.0, 0, -Inf), F32(2, 1, NaN, 0, -0.0, 5)).Gives(F32(2, NaN, NaN, 0, 0, 5)),
        Of(Primitives.Max, F64(NaN, -0.0, -0.0), F64(NaN, 0, -0.0)).Gives(F64(NaN, 0, -0.0)),
        Of(Primitives.Max, F16(1, NaN, -0.0), F16(-1, 2, 0)).Gives(F16(1, NaN, 0)),
        Of(Primitives.Max, I8(-128, 5), I8(127, -6)).Gives(I8(127, 5)),
        Of(Primitives.Max, U64(ulong.MaxValue, 1), U64(1, 2)).Gives(U64(ulong.MaxValue, 2)),
        Of(Primitives.Min, F32(1, NaN, 1, -0.0, 0, Inf), F32(2, 1, NaN, 0, -0.0, 5)).Gives(F32(1, NaN, NaN, -0.0, -0.0, 5)),
        Of(Primitives.Min, BF16(1, NaN, 0), BF16(-1, 2, -0.0)).Gives(BF16(-1, NaN, -0.0)),
        Of(Primitives.Min, U8(200, 5), U8(100, 250)).Gives(U8(100, 5)),
        Of(Primitives.Min, I64(long.MinValue, 3), I64(long.MaxValue, 2)).Gives(I64(long.MinValue, 2)),
    ];
}

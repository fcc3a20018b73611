using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Folds over axes, of nothing too, and the places of extremes.</summary>
internal static class ReductionLiterals
{
    public static IEnumerable<Literal> All() => [.. Folds(), .. Bits(), .. Places()];

    private static IEnumerable<Literal> Folds() =>
    [
        Of(Primitives.ReduceSum, With(Ints(1)), F32(1, 2, 3, 4, 5, NaN).As(2, 3)).Gives(F32(6, NaN)),
        Of(Primitives.ReduceSum, With(Ints(0)), I8(100, 1, 100, 2).As(2, 2)).Gives(I8(-56, 3)),
        Of(Primitives.ReduceSum, With(Ints(0)), F64()).Gives(F64(0).As()),
        Of(Primitives.ReduceSum, With(Ints(0, 1)), U64(ulong.MaxValue, 1, 1, 1).As(2, 2)).Gives(U64(2).As()),
        Of(Primitives.ReduceSum, With(Ints()), F32(1, 2)).Gives(F32(1, 2)),
        Of(Primitives.ReduceSum, With(Ints(0)), F32(Inf, -Inf)).Gives(F32(NaN).As()),
        Of(Primitives.ReduceProd, With(Ints(0)), F32(2, -3, 0.5)).Gives(F32(-3).As()),
        Of(Primitives.ReduceProd, With(Ints(1)), I32(65536, 65536, 3, 4).As(2, 2)).Gives(I32(0, 12)),
        Of(Primitives.ReduceProd, With(Ints(0)), I16().As(0, 2)).Gives(I16(1, 1)),
        Of(Primitives.ReduceMax, With(Ints(0)), F32(1, NaN, 3)).Gives(F32(NaN).As()),
        Of(Primitives.ReduceMax, With(Ints(1)), F64(-1, -5, -0.0, 0).As(2, 2)).Gives(F64(-1, 0)),
        Of(Primitives.ReduceMax, With(Ints(1)), F16().As(2, 0)).Gives(F16(-Inf, -Inf)),
        Of(Primitives.ReduceMax, With(Ints(0)), I32()).Gives(I32(int.MinValue).As()),
        Of(Primitives.ReduceMax, With(Ints(0)), U8(3, 200, 7)).Gives(U8(200).As()),
        Of(Primitives.ReduceMin, With(Ints(0)), F32(4, -2, Inf)).Gives(F32(-2).As()),
        Of(Primitives.ReduceMin, With(Ints(0)), BF16(1, NaN)).Gives(BF16(NaN).As()),
        Of(Primitives.ReduceMin, With(Ints(0)), U8()).Gives(U8(255).As()),
        Of(Primitives.ReduceMin, With(Ints(0)), F32()).Gives(F32(Inf).As()),
        Of(Primitives.ReduceMin, With(Ints(0)), I64(5, long.MinValue)).Gives(I64(long.MinValue).As()),
    ];

    private static IEnumerable<Literal> Bits() =>
    [
        Of(Primitives.ReduceAnd, With(Ints(1)), Bool(1, 1, 1, 0).As(2, 2)).Gives(Bool(1, 0)),
        Of(Primitives.ReduceAnd, With(Ints(0)), U8(0xFC, 0x3F)).Gives(U8(0x3C).As()),
        Of(Primitives.ReduceAnd, With(Ints(0)), Bool()).Gives(Bool(1).As()),
        Of(Primitives.ReduceAnd, With(Ints(0)), I16()).Gives(I16(-1).As()),
        Of(Primitives.ReduceOr, With(Ints(1)), Bool(0, 1, 0, 0).As(2, 2)).Gives(Bool(1, 0)),
        Of(Primitives.ReduceOr, With(Ints(0)), I32(1, 4, 0)).Gives(I32(5).As()),
        Of(Primitives.ReduceOr, With(Ints(0)), Bool()).Gives(Bool(0).As()),
    ];

    private static IEnumerable<Literal> Places() =>
    [
        Of(Primitives.ArgMax, With(0L), F32(1, 3, 3, 2)).Gives(I64(1).As()),
        Of(Primitives.ArgMax, With(1L), F32(1, NaN, NaN, 4, 5, 6).As(2, 3)).Gives(I64(1, 2)),
        Of(Primitives.ArgMax, With(0L), I8(-128, 5, -1, 5).As(2, 2)).Gives(I64(1, 0)),
        Of(Primitives.ArgMax, With(0L), F64(-0.0, 0)).Gives(I64(0).As()),
        Of(Primitives.ArgMax, With(1L), F32().As(0, 3)).Gives(I64()),
        Of(Primitives.ArgMin, With(0L), F32(2, 1, 1, 3)).Gives(I64(1).As()),
        Of(Primitives.ArgMin, With(0L), F16(1, NaN, -Inf)).Gives(I64(1).As()),
        Of(Primitives.ArgMin, With(1L), U32(7, 4294967295, 0, 0).As(2, 2)).Gives(I64(0, 0)),
    ];
}

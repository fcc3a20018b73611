using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Running folds, forwards and in reverse.</summary>
internal static class CumulativeLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.CumSum, With(0L, false), F32(1, 2, NaN, 4)).Gives(F32(1, 3, NaN, NaN)),
        Of(Primitives.CumSum, With(0L, true), I32(1, 2, 3)).Gives(I32(6, 5, 3)),
        Of(Primitives.CumSum, With(0L, false), U8(200, 100, 1)).Gives(U8(200, 44, 45)),
        Of(Primitives.CumSum, With(0L, false), F64(1, 2, 3, 4).As(2, 2)).Gives(F64(1, 2, 4, 6).As(2, 2)),
        Of(Primitives.CumSum, With(1L, true), F64(1, 2, 3, 4).As(2, 2)).Gives(F64(3, 2, 7, 4).As(2, 2)),
        Of(Primitives.CumSum, With(0L, false), F32()).Gives(F32()),
        Of(Primitives.CumProd, With(0L, false), F32(2, 3, 0, 5)).Gives(F32(2, 6, 0, 0)),
        Of(Primitives.CumProd, With(0L, true), I8(2, 64, 2)).Gives(I8(0, -128, 2)),
        Of(Primitives.CumMax, With(0L, false), F32(1, 3, 2, NaN, 5)).Gives(F32(1, 3, 3, NaN, NaN)),
        Of(Primitives.CumMax, With(0L, true), F32(1, NaN, 2, 0)).Gives(F32(NaN, NaN, 2, 0)),
        Of(Primitives.CumMax, With(1L, false), I16(-5, -7, 3, 9).As(2, 2)).Gives(I16(-5, -5, 3, 9).As(2, 2)),
        Of(Primitives.CumMin, With(0L, false), F16(3, 1, 2)).Gives(F16(3, 1, 1)),
        Of(Primitives.CumMin, With(0L, false), F32(NaN, 1)).Gives(F32(NaN, NaN)),
        Of(Primitives.CumMin, With(0L, true), U64(5, ulong.MaxValue, 7)).Gives(U64(5, 7, 7)),
    ];
}

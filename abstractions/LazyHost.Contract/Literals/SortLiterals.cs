using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Stable sorting: equal elements keep their order both ways, NaN is greatest.</summary>
internal static class SortLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Sort, With(0L, false), F32(3, NaN, 1, 3, -Inf)).Gives(F32(-Inf, 1, 3, 3, NaN), I64(4, 2, 0, 3, 1)),
        Of(Primitives.Sort, With(0L, true), F32(3, NaN, 1, 3, -Inf)).Gives(F32(NaN, 3, 3, 1, -Inf), I64(1, 0, 3, 2, 4)),
        Of(Primitives.Sort, With(0L, false), F64(0, -0.0, -1)).Gives(F64(-1, 0, -0.0), I64(2, 0, 1)),
        Of(Primitives.Sort, With(1L, false), I8(3, -128, 127, 2, 2, 1).As(2, 3)).Gives(I8(-128, 3, 127, 1, 2, 2).As(2, 3), I64(1, 0, 2, 2, 0, 1).As(2, 3)),
        Of(Primitives.Sort, With(0L, true), U8(1, 200, 3, 100).As(2, 2)).Gives(U8(3, 200, 1, 100).As(2, 2), I64(1, 0, 0, 1).As(2, 2)),
        Of(Primitives.Sort, With(0L, false), U64(ulong.MaxValue, 0, 1)).Gives(U64(0, 1, ulong.MaxValue), I64(1, 2, 0)),
        Of(Primitives.Sort, With(0L, false), F16()).Gives(F16(), I64()),
    ];
}

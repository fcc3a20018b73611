using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Comparisons: NaN, signed zeros, and integers whose sign must not be mistaken.</summary>
internal static class CompareLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Eq, F32(1, NaN, 0, Inf, 1), F32(1, NaN, -0.0, Inf, 2)).Gives(Bool(1, 0, 1, 1, 0)),
        Of(Primitives.Eq, Bool(0, 1, 1), Bool(0, 0, 1)).Gives(Bool(1, 0, 1)),
        Of(Primitives.Eq, I64(long.MaxValue, 9007199254740993), I64(long.MaxValue, 9007199254740992)).Gives(Bool(1, 0)),
        Of(Primitives.Ne, F64(1, NaN, 0, 2), F64(1, NaN, -0.0, 3)).Gives(Bool(0, 1, 0, 1)),
        Of(Primitives.Ne, U8(255, 1), U8(255, 0)).Gives(Bool(0, 1)),
        Of(Primitives.Lt, F32(1, 2, NaN, 1, -0.0, -Inf), F32(2, 1, 1, NaN, 0, Inf)).Gives(Bool(1, 0, 0, 0, 0, 1)),
        Of(Primitives.Lt, U32(1, 4294967295), U32(4294967295, 1)).Gives(Bool(1, 0)),
        Of(Primitives.Le, F16(1, 2, NaN, 0), F16(1, 1, NaN, -0.0)).Gives(Bool(1, 0, 0, 1)),
        Of(Primitives.Le, I8(-128, 127, 0), I8(127, -128, 0)).Gives(Bool(1, 0, 1)),
        Of(Primitives.Gt, F32(1, 2, NaN, 0), F32(2, 1, 1, -0.0)).Gives(Bool(0, 1, 0, 0)),
        Of(Primitives.Gt, U64(ulong.MaxValue, 1), U64(1, ulong.MaxValue)).Gives(Bool(1, 0)),
        Of(Primitives.Ge, BF16(1, 2, NaN, -0.0), BF16(2, 2, 1, 0)).Gives(Bool(0, 1, 0, 1)),
        Of(Primitives.Ge, I16(-1, 1), I16(1, -1)).Gives(Bool(0, 1)),
        Of(Primitives.Select, Bool(1, 0, 1), F32(1, 2, NaN), F32(4, NaN, 6)).Gives(F32(1, NaN, NaN)),
        Of(Primitives.Select, Bool(0, 1), I8(1, 2), I8(3, 4)).Gives(I8(3, 2)),
        Of(Primitives.Select, Bool(0, 1), Bool(1, 1), Bool(0, 0)).Gives(Bool(0, 1)),
    ];
}

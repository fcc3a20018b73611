using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Choosing and writing at indices: clamped where read, skipped where written, repeated ones in their order.</summary>
internal static class IndexLiterals
{
    public static IEnumerable<Literal> All() => [.. Gathers(), .. Scatters()];

    private static IEnumerable<Literal> Gathers() =>
    [
        Of(Primitives.Gather, With(0L), F32(10, 20, 30), I32(2, 0, 2, -1, 9)).Gives(F32(30, 10, 30, 10, 30)),
        Of(Primitives.Gather, With(0L), I8(1, 2, 3, 4).As(2, 2), I64(1, 0, 1)).Gives(I8(3, 4, 1, 2, 3, 4).As(3, 2)),
        Of(Primitives.Gather, With(1L), F64(1, 2, 3, 4, 5, 6).As(2, 3), I64(2, 0, 1, 1).As(2, 2)).Gives(F64(3, 1, 2, 2, 6, 4, 5, 5).As(2, 2, 2)),
        Of(Primitives.Gather, With(0L), U16(5, 6), I64(1).As()).Gives(U16(6).As()),
        Of(Primitives.Gather, With(0L), Bool(1, 0), I32()).Gives(Bool()),
        Of(Primitives.GatherElements, With(1L), F32(1, 2, 3, 4).As(2, 2), I64(0, 0, 1, 0).As(2, 2)).Gives(F32(1, 1, 4, 3).As(2, 2)),
        Of(Primitives.GatherElements, With(0L), I32(1, 2, 3, 4).As(2, 2), I32(1, 0).As(1, 2)).Gives(I32(3, 2).As(1, 2)),
        Of(Primitives.GatherElements, With(0L), U8(7, 8), I32(-5, 5, 1)).Gives(U8(7, 8, 8)),
    ];

    private static IEnumerable<Literal> Scatters() =>
    [
        Of(Primitives.Scatter, With(0L, 0L), F32(1, 2, 3), I32(2, 0, 2, 5, -1), F32(10, 20, 30, 40, 50)).Gives(F32(20, 2, 30)),
        Of(Primitives.Scatter, With(0L, 1L), F32(1, 2, 3), I32(2, 0, 2, 5, -1), F32(10, 20, 30, 40, 50)).Gives(F32(21, 2, 43)),
        Of(Primitives.Scatter, With(0L, 1L), I8(1, 2, 3, 4).As(2, 2), I64(1, 1), I8(100, 1, 100, 1).As(2, 2)).Gives(I8(1, 2, -53, 6).As(2, 2)),
        Of(Primitives.Scatter, With(1L, 0L), F64(1, 2, 3, 4).As(2, 2), I64(0).As(), F64(8, 9)).Gives(F64(8, 2, 9, 4).As(2, 2)),
        Of(Primitives.Scatter, With(0L, 0L), Bool(0, 0), I64(), Bool()).Gives(Bool(0, 0)),
        Of(Primitives.ScatterElements, With(0L, 0L), F32(1, 2, 3), I64(0, 0, 3), F32(7, 8, 9)).Gives(F32(8, 2, 3)),
        Of(Primitives.ScatterElements, With(1L, 1L), I32(1, 2, 3, 4).As(2, 2), I32(1, 1, 0, -1).As(2, 2), I32(10, 20, 30, 40).As(2, 2)).Gives(I32(1, 32, 33, 4).As(2, 2)),
        Of(Primitives.ScatterElements, With(0L, 1L), F16(1, 1), I32(1), F16(0.5)).Gives(F16(1, 1.5)),
    ];
}

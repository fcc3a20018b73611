using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Moving elements.</summary>
internal static class ShapeLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Broadcast, With(Ints(2, 3), Ints(1)), F32(1, NaN, -0.0)).Gives(F32(1, NaN, -0.0, 1, NaN, -0.0).As(2, 3)),
        Of(Primitives.Broadcast, With(Ints(2, 3), Ints(0, 1)), I8(1, 2).As(2, 1)).Gives(I8(1, 1, 1, 2, 2, 2).As(2, 3)),
        Of(Primitives.Broadcast, With(Ints(2), Ints()), Bool(1).As()).Gives(Bool(1, 1)),
        Of(Primitives.Broadcast, With(Ints(3, 0), Ints(1)), F64(5)).Gives(F64().As(3, 0)),
        Of(Primitives.Broadcast, With(Ints(2, 2, 2), Ints(0, 2)), I64(1, 2, 3, 4).As(2, 2)).Gives(I64(1, 2, 1, 2, 3, 4, 3, 4).As(2, 2, 2)),
        Of(Primitives.Reshape, With(Ints(3, 2)), F32(1, 2, 3, 4, 5, 6).As(2, 3)).Gives(F32(1, 2, 3, 4, 5, 6).As(3, 2)),
        Of(Primitives.Reshape, With(Ints()), U16(9)).Gives(U16(9).As()),
        Of(Primitives.Reshape, With(Ints(0, 7)), F16().As(3, 0)).Gives(F16().As(0, 7)),
        Of(Primitives.Permute, With(Ints(1, 0)), F32(1, 2, 3, 4, 5, 6).As(2, 3)).Gives(F32(1, 4, 2, 5, 3, 6).As(3, 2)),
        Of(Primitives.Permute, With(Ints(2, 0, 1)), I32(0, 1, 2, 3, 4, 5).As(1, 2, 3)).Gives(I32(0, 3, 1, 4, 2, 5).As(3, 1, 2)),
        Of(Primitives.Permute, With(Ints()), Bool(1).As()).Gives(Bool(1).As()),
        Of(Primitives.Slice, With(Ints(1), Ints(6), Ints(2)), F32(0, 1, 2, 3, 4, 5, 6)).Gives(F32(1, 3, 5)),
        Of(Primitives.Slice, With(Ints(0, 1), Ints(2, 3), Ints(1, 1)), U8(1, 2, 3, 4, 5, 6).As(2, 3)).Gives(U8(2, 3, 5, 6).As(2, 2)),
        Of(Primitives.Slice, With(Ints(2), Ints(2), Ints(1)), I64(1, 2, 3)).Gives(I64()),
        Of(Primitives.Pad, With(Ints(1), Ints(2), Ints(1)), F32(1, 2, 3), F32(-0.0).As()).Gives(F32(-0.0, 1, -0.0, 2, -0.0, 3, -0.0, -0.0)),
        Of(Primitives.Pad, With(Ints(-1), Ints(1), Ints(0)), I32(1, 2, 3), I32(9).As()).Gives(I32(2, 3, 9)),
        Of(Primitives.Pad, With(Ints(-1), Ints(-1), Ints(2)), I32(1, 2, 3), I32(9).As()).Gives(I32(9, 9, 2, 9, 9)),
        Of(Primitives.Pad, With(Ints(1, 0), Ints(0, 1), Ints(0, 0)), I16(1, 2).As(1, 2), I16(7).As()).Gives(I16(7, 7, 7, 1, 2, 7).As(2, 3)),
        Of(Primitives.Pad, With(Ints(2), Ints(1), Ints(5)), F64(), F64(4).As()).Gives(F64(4, 4, 4)),
        Of(Primitives.Reverse, With(Ints(0)), F32(1, 2, 3)).Gives(F32(3, 2, 1)),
        Of(Primitives.Reverse, With(Ints(0, 1)), I8(1, 2, 3, 4, 5, 6).As(2, 3)).Gives(I8(6, 5, 4, 3, 2, 1).As(2, 3)),
        Of(Primitives.Reverse, With(Ints(1)), Bool(1, 0, 0, 0).As(2, 2)).Gives(Bool(0, 1, 0, 0).As(2, 2)),
        Of(Primitives.Reverse, With(Ints()), U32(1, 2)).Gives(U32(1, 2)),
        Of(Primitives.Concat, With(0L), F32(1, 2), F32(), F32(3)).Gives(F32(1, 2, 3)),
        Of(Primitives.Concat, With(1L), I64(1, 2).As(2, 1), I64(3, 4, 5, 6).As(2, 2)).Gives(I64(1, 3, 4, 2, 5, 6).As(2, 3)),
        Of(Primitives.Concat, With(0L), BF16(1, NaN)).Gives(BF16(1, NaN)),
        Of(Primitives.Barrier, F32(1, NaN, -0.0)).Gives(F32(1, NaN, -0.0)),
        Of(Primitives.Barrier, I64(1, 2).As(2, 1), F16(3), Bool()).Gives(I64(1, 2).As(2, 1)),
    ];
}

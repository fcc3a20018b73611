using LazyHost.IR;
using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Sliding windows, with padding that holds the identity, and the way back from their maxima.</summary>
internal static class WindowLiterals
{
    private const long Sum = 0, Max = 1, Min = 2;

    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.ReduceWindow, Window(Sum, [2], [1], [0], [0]), F32(1, 2, 3, 4)).Gives(F32(3, 5, 7)),
        Of(Primitives.ReduceWindow, Window(Max, [2], [2], [1], [1]), F32(-1, -2, NaN, -4)).Gives(F32(-1, NaN, -4)),
        Of(Primitives.ReduceWindow, Window(Min, [3], [1], [1], [1]), I32(5, 2, 7)).Gives(I32(2, 2, 2)),
        Of(Primitives.ReduceWindow, Window(Max, [2, 2], [1, 1], [0, 0], [0, 0]), U8(1, 2, 3, 4, 5, 6).As(2, 3)).Gives(U8(5, 6).As(1, 2)),
        Of(Primitives.ReduceWindow, Window(Sum, [2], [1], [0], [0]), I8(100, 100, 1)).Gives(I8(-56, 101)),
        Of(Primitives.ReduceWindow, Window(Max, [1], [1], [1], [1]), F16(3)).Gives(F16(-Inf, 3, -Inf)),
        Of(Primitives.ReduceWindow, Window(Sum, [3], [1], [0], [0]), F64(1, 2)).Gives(F64()),
        Of(Primitives.SelectAndScatter, Window([2], [2], [0], [0]), F32(1, 3, 2, 2), F32(10, 20)).Gives(F32(0, 10, 20, 0)),
        Of(Primitives.SelectAndScatter, Window([2], [1], [0], [0]), F64(1, 5, 2), F64(10, 20)).Gives(F64(0, 30, 0)),
        Of(Primitives.SelectAndScatter, Window([2], [2], [1], [1]), F32(NaN, 9, 1, NaN), F32(1, 2, 3)).Gives(F32(1, 2, 0, 3)),
        Of(Primitives.SelectAndScatter, Window([2, 2], [1, 1], [0, 0], [0, 0]), BF16(0, 1, 0, 0, 0, 2).As(2, 3), BF16(5, 7).As(1, 2)).Gives(BF16(0, 5, 0, 0, 0, 7).As(2, 3)),
    ];

    private static Attributes Window(long kind, long[] window, long[] strides, long[] low, long[] high) => With(kind, window, strides, low, high);

    private static Attributes Window(long[] window, long[] strides, long[] low, long[] high) => With(window, strides, low, high);
}

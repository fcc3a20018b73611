using LazyHost.IR;
using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Products of matrices and convolutions, on small whole numbers whose sums are exact in every element type.</summary>
internal static class ProductLiterals
{
    public static IEnumerable<Literal> All() => [.. Dots(), .. Convolutions()];

    private static IEnumerable<Literal> Dots() =>
    [
        Of(Primitives.DotGeneral, Contract([1], [0]), F32(1, 2, 3, 4).As(2, 2), F32(5, 6, 7, 8).As(2, 2)).Gives(F32(19, 22, 43, 50).As(2, 2)),
        Of(Primitives.DotGeneral, Contract([1], [1]), F64(1, 2, 3, 4).As(2, 2), F64(5, 6, 7, 8).As(2, 2)).Gives(F64(17, 23, 39, 53).As(2, 2)),
        Of(Primitives.DotGeneral, Contract([0], [0]), F16(1, 2, 3), F16(4, 5, 6)).Gives(F16(32).As()),
        Of(Primitives.DotGeneral, Contract([], []), I32(1, 2), I32(3, 4, 5)).Gives(I32(3, 4, 5, 6, 8, 10).As(2, 3)),
        Of(Primitives.DotGeneral, Contract([1], [0]), F32().As(2, 0), F32().As(0, 3)).Gives(F32(0, 0, 0, 0, 0, 0).As(2, 3)),
        Of(Primitives.DotGeneral, Contract([1], [0]), I8(100, 100).As(1, 2), I8(1, 1).As(2, 1)).Gives(I8(-56).As(1, 1)),
        Of(Primitives.DotGeneral, With(Ints(0), Ints(0), Ints(2), Ints(1)), BF16(1, 2, 3, 4).As(2, 1, 2), BF16(1, 1, 2, 2).As(2, 2, 1)).Gives(BF16(3, 14).As(2, 1, 1)),
        Of(Primitives.DotGeneral, Contract([0, 1], [1, 0]), F32(1, 2, 3, 4).As(2, 2), F32(1, 10, 100, 1000).As(2, 2)).Gives(F32(4231).As()),
        Of(Primitives.DotGeneral, Contract([1], [0]), F32(0, NaN).As(1, 2), F32(Inf, 0).As(2, 1)).Gives(F32(NaN).As(1, 1)),
    ];

    private static IEnumerable<Literal> Convolutions() =>
    [
        // The filter is not reversed.
        Of(Primitives.Convolution, Window([1], [0], [0], [1], [1], 1), F32(1, 2, 3, 4).As(1, 1, 4), F32(1, 10).As(1, 1, 2)).Gives(F32(21, 32, 43).As(1, 1, 3)),
        Of(Primitives.Convolution, Window([2], [1], [1], [1], [1], 1), F64(1, 2, 3, 4).As(1, 1, 4), F64(1, 10, 100).As(1, 1, 3)).Gives(F64(210, 432).As(1, 1, 2)),
        Of(Primitives.Convolution, Window([1], [0], [0], [1], [2], 1), F32(1, 2, 3, 4).As(1, 1, 4), F32(1, 10).As(1, 1, 2)).Gives(F32(31, 42).As(1, 1, 2)),
        Of(Primitives.Convolution, Window([1], [1], [1], [2], [1], 1), F32(1, 2).As(1, 1, 2), F32(1, 10, 100).As(1, 1, 3)).Gives(F32(10, 201, 20).As(1, 1, 3)),
        Of(Primitives.Convolution, Window([1, 1], [0, 0], [0, 0], [1, 1], [1, 1], 1), F16(1, 2, 3, 4).As(1, 1, 2, 2), F16(1, 2, 3, 4).As(1, 1, 2, 2)).Gives(F16(30).As(1, 1, 1, 1)),
        Of(Primitives.Convolution, Window([1], [0], [0], [1], [1], 2), F32(1, 2, 3, 4).As(1, 2, 2), F32(10, 100).As(2, 1, 1)).Gives(F32(10, 20, 300, 400).As(1, 2, 2)),
        Of(Primitives.Convolution, Window([1], [0], [0], [1], [1], 1), BF16(1, 2).As(1, 2, 1), BF16(3, 4, 5, 6).As(2, 2, 1)).Gives(BF16(11, 17).As(1, 2, 1)),
        Of(Primitives.Convolution, Window([], [], [], [], [], 1), F32(1, 2).As(1, 2), F32(3, 4).As(1, 2)).Gives(F32(11).As(1, 1)),
    ];

    private static Attributes Contract(long[] a, long[] b) => With(Ints(), Ints(), a, b);

    private static Attributes Window(long[] strides, long[] low, long[] high, long[] dilateX, long[] dilateW, long groups) => With(strides, low, high, dilateX, dilateW, groups);
}

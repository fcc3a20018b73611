using CsCheck;

namespace LazyHost.Abstractions.Tests.Types;

public class ShapeTests
{
    private static readonly Gen<Shape> Any = Gen.Long[0, 3].Array[0, 4].Select(sizes => Shape.Create(sizes));

    [Fact]
    public void Broadcasting_agrees_with_a_naive_model() =>
        Gen.Select(Any, Any).Sample((a, b) =>
        {
            var rank = Math.Max(a.Rank, b.Rank);
            var expected = new long[rank];
            var fits = true;
            for (var i = 1; i <= rank; i++)
            {
                long x = i <= a.Rank ? a[a.Rank - i] : 1, y = i <= b.Rank ? b[b.Rank - i] : 1;
                fits &= x == y || x == 1 || y == 1;
                expected[rank - i] = x == 1 ? y : x;
            }
            if (fits)
            {
                Assert.Equal(expected, Shape.Broadcast(a, b));
                Assert.Equal(Shape.Broadcast(a, b), Shape.Broadcast(b, a));
            }
            else
            {
                var error = Assert.Throws<ShapeMismatchException>(() => Shape.Broadcast(a, b));
                Assert.Contains(a.ToString(), error.Message, StringComparison.Ordinal);
                Assert.Contains(b.ToString(), error.Message, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void Axes_count_from_both_ends() =>
        Gen.Select(Any, Gen.Long[-6, 6]).Sample((shape, axis) =>
        {
            if (axis >= -shape.Rank && axis < shape.Rank) Assert.Equal((axis + shape.Rank) % shape.Rank, shape.Axis(axis));
            else
            {
                var error = Assert.Throws<AxisOutOfRangeException>(() => shape.Axis(axis));
                Assert.Equal((axis, shape), (error.Axis, error.Shape));
            }
        });

    [Fact]
    public void Equality_hash_count_and_strides() =>
        Gen.Select(Any, Any).Sample((a, b) =>
        {
            Assert.Equal(a.Sizes.SequenceEqual(b.Sizes), a.Equals(b));
            Assert.Equal(a, Shape.Create(a.Sizes));
            Assert.Equal(a.GetHashCode(), Shape.Create(a.Sizes).GetHashCode());
            Assert.Equal(a.Aggregate(1L, (count, size) => count * size), a.ElementCount);
            var strides = a.RowMajorStrides();
            for (var i = 0; i < a.Rank; i++) Assert.Equal(a.Skip(i + 1).Aggregate(1L, (count, size) => count * size), strides[i]);
        });

    [Fact]
    public void A_scalar_has_one_element()
    {
        Assert.Equal(1, Shape.Scalar.ElementCount);
        Assert.Same(Shape.Scalar, Shape.Create(ReadOnlySpan<long>.Empty));
        Assert.Equal("[]", Shape.Scalar.ToString());
        Assert.Equal("f32[2, 0]", new TensorType(DType.Float32, [2, 0]).ToString());
    }

    [Fact]
    public void Sizes_that_cannot_be()
    {
        Assert.Contains("[2, -1]", Assert.Throws<ShapeMismatchException>(() => Shape.Create([2L, -1])).Message, StringComparison.Ordinal);
        Assert.Throws<ShapeMismatchException>(() => Shape.Create([long.MaxValue, 2]));
    }

    [Fact]
    public void Symbols_are_part_of_a_shape()
    {
        var symbolic = Shape.Create([new Dim(4, 1), new Dim(3)]);
        Assert.True(symbolic.IsSymbolic);
        Assert.NotEqual(symbolic, [4, 3]);
        Assert.Equal("[s1, 3]", symbolic.ToString());
        Assert.Equal(symbolic, Shape.Broadcast(symbolic, [3]));
        Assert.Equal(symbolic, Shape.Broadcast([1, 1], symbolic));
        Assert.Throws<ShapeMismatchException>(() => Shape.Broadcast(symbolic, [4, 3]));
    }
}

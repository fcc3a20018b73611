using CsCheck;

namespace LazyHost.Tests;

/// <summary>tensor[...], against a plain list of places.</summary>
public sealed class IndexerTests
{
    private static readonly Gen<int> Place = Gen.Int[-5, 5];

    private static readonly Gen<TensorIndex> AnyIndex = Gen.OneOf(
        Place.Select(place => (TensorIndex)place), Place.Select(place => (TensorIndex)place),
        Gen.Select(Place, Place, Gen.Int[1, 3]).Select((start, end, step) => TensorIndex.Range(start, end, step)),
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Bool, Gen.Bool).Select((start, end, a, b) => (TensorIndex)new Range(new(start, a), new(end, b))),
        Gen.Const((TensorIndex)(..)), Gen.Const(TensorIndex.NewAxis), Gen.Const(TensorIndex.Ellipsis));

    // Small sizes, and few enough indices that most indexers are valid.
    private static readonly Gen<(int[] Sizes, TensorIndex[] Indices)> Case = Gen.Select(Gen.Int[0, 4].Array[0, 4], AnyIndex.Array[0, 5]);

    [Fact]
    public async Task AnIndexerTakesThePlacesThatAPlainOneTakes()
    {
        await using var lazy = new TestEngine();
        var valid = 0;
        Case.Sample((sizes, indices) =>
        {
            var x = Numbers(lazy, sizes);
            if (Plain(sizes, indices) is not { } plain)
            {
                Assert.Throws<InvalidAttributeException>(() => x[indices]);
                return;
            }
            var taken = x[indices];
            Assert.Equal(plain.Shape, taken.Shape);
            Assert.Equal(plain.Places, taken.ToArray<float>().Select(v => (int)v));
            valid++;
        }, iter: 1000, threads: 1);
        Assert.True(valid > 200, $"only {valid} of 1000 indexers were valid");
    }

    [Fact]
    public async Task WhatIsAssignedChangesThosePlacesAndNoOthers()
    {
        await using var lazy = new TestEngine();
        Gen.Select(Case, Gen.Int[0, 15]).Sample((of, ones) =>
        {
            if (Plain(of.Sizes, of.Indices) is not { } plain) return;
            var x = Numbers(lazy, of.Sizes);
            var kept = x.Clone();
            // Some dimensions of the source have size 1 and are repeated.
            long[] sizes = [.. plain.Shape.Sizes.ToArray().Select((size, i) => (ones & (1 << i)) != 0 ? 1 : size)];
            var source = Numbers(lazy, [.. sizes.Select(size => (int)size)]);
            x[of.Indices] = source * -1 - 1;
            var expected = Enumerable.Range(0, (int)x.Shape.ElementCount).Select(i => (float)i).ToArray();
            var strides = Shape.Create(sizes).RowMajorStrides();
            for (var i = 0; i < plain.Places.Length; i++) expected[plain.Places[i]] = -1 - SourcePlace(plain.Shape, sizes, strides, i);
            Assert.Equal(expected, x.ToArray<float>());
            Assert.Equal(Enumerable.Range(0, expected.Length).Select(i => (float)i), kept.ToArray<float>());
        }, iter: 500, threads: 1);
    }

    [Fact]
    public async Task ViewsOfViewsAndTheirSiblingsSeeEveryWrite()
    {
        await using var lazy = new TestEngine();
        Gen.Select(Gen.Int[2, 4].Array[2, 3], AnyIndex.Array[1, 3], AnyIndex.Array[1, 3], Gen.Bool).Sample((sizes, outer, inner, split) =>
        {
            if (Plain(sizes, outer) is not { } first || Plain([.. first.Shape.Select(size => (int)size)], inner) is not { } second) return;
            var x = Numbers(lazy, sizes);
            var view = x[outer];
            var sibling = x.Reshape(-1);
            if (split) lazy.Device.MarkStep();
            view[inner] += 100;
            var expected = Enumerable.Range(0, (int)x.Shape.ElementCount).Select(i => (float)i).ToArray();
            foreach (var place in second.Places) expected[first.Places[place]] += 100;
            Assert.Equal(first.Places.Select(place => expected[place]), view.ToArray<float>());
            Assert.Equal(expected, sibling.ToArray<float>());
            Assert.Equal(expected, x.ToArray<float>());
            Assert.True(view[inner].IsAliasOf(x));
        }, iter: 300, threads: 1);
    }

    [Theory]
    [InlineData(ExecutionMode.Lazy)]
    [InlineData(ExecutionMode.Eager)]
    public async Task SourceAndPlacesMayOverlap(ExecutionMode mode)
    {
        await using var lazy = new TestEngine();
        using var use = lazy.Device.Use(mode);
        var x = lazy.Tensor(1, 2, 3, 4);
        x[1..] = x[..^1];
        Assert.Equal([1f, 1, 2, 3], x.ToArray<float>());
        x[..2] = x[2..];
        Assert.Equal([2f, 3, 2, 3], x.ToArray<float>());
        x[1..].AddInPlace(x[0]);
        Assert.Equal([2f, 5, 4, 5], x.ToArray<float>());
        for (var i = 0; i < 4; i++)
        {
            x[i] += i;
            lazy.Device.MarkStep();
        }
        Assert.Equal([2f, 6, 6, 8], x.ToArray<float>());
    }

    [Fact]
    public async Task TheFormsOfAnIndex()
    {
        await using var lazy = new TestEngine();
        var x = Numbers(lazy, [4, 3]);
        Assert.Equal([9f, 10, 11], x[^1].ToArray<float>());
        Assert.Equal([11f], x[-1, -1].ToArray<float>());
        Assert.Equal([4f, 7f], x[1..^1, 1].ToArray<float>());
        Assert.Equal([0f, 1, 2], x[default(TensorIndex)].ToArray<float>());
        Assert.Equal([0f, 6f], x[TensorIndex.Range(step: 2), 0].ToArray<float>());
        Assert.Equal([2, 1, 2], x[1..3, TensorIndex.NewAxis, 1..].Shape);
        Assert.Equal([4], x[TensorIndex.Ellipsis, 1L].Shape);
        Assert.Equal([0, 3], x[3..1].Shape);
        Assert.Equal([1, 3], x[3..100].Shape);
        Assert.Equal([0, 3], x[^0..].Shape);
        Assert.Same(x, x[..]);
        var scalar = Tensor.Scalar(5f, lazy.Device);
        Assert.Equal([1], scalar[TensorIndex.NewAxis].Shape);
        scalar[TensorIndex.Ellipsis] = Tensor.Scalar(7f, lazy.Device);
        Assert.Equal(7f, scalar.Item());
        Assert.Equal(["^1", "1..^1", "0..^0 step 2", "2", "new axis", "..."],
            new TensorIndex[] { ^1, 1..^1, TensorIndex.Range(step: 2), 2, TensorIndex.NewAxis, TensorIndex.Ellipsis }.Select(index => index.ToString()));
        Assert.True((TensorIndex)(^2) == -2 && TensorIndex.Range(0) == .. && (TensorIndex)1 != 1..2 && default == (TensorIndex)0);
        Assert.Equal(((TensorIndex)(1..3)).GetHashCode(), TensorIndex.Range(1, 3).GetHashCode());
    }

    [Fact]
    public async Task ErrorsNameTheIndexAndChangeNothing()
    {
        await using var lazy = new TestEngine();
        var x = Numbers(lazy, [4, 3]);
        Refused<InvalidAttributeException>(["[0, 3]", "index 3", "axis 1", "3 elements"], () => x[0, 3]);
        Refused<InvalidAttributeException>(["index ^5", "axis 0"], () => x[^5]);
        Refused<InvalidAttributeException>(["index ^0", "axis 0"], () => x[^0]);
        Refused<InvalidAttributeException>(["3 indices", "2 axes", "f32[4, 3]"], () => x[0, 0, 0]);
        Refused<InvalidAttributeException>(["..., ...", "ellipsis"], () => x[TensorIndex.Ellipsis, TensorIndex.Ellipsis]);
        Refused<InvalidAttributeException>(["step 0"], () => x[TensorIndex.Range(step: 0)]);
        Refused<ShapeMismatchException>(["[2, 3]", "[2]"], () => x[..2] = Tensor.Ones([2], lazy.Device));
        Assert.Throws<ArgumentNullException>(() => x[0] = null!);

        void Refused<T>(string[] named, Func<Tensor> index) where T : LazyHostException
        {
            var error = Assert.Throws<T>(index);
            Assert.All(named, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)i), x.ToArray<float>());
        }
    }

    private static Tensor Numbers(TestEngine lazy, int[] sizes)
    {
        var shape = Shape.Create([.. sizes.Select(size => (long)size)]);
        return Tensor.From(Enumerable.Range(0, (int)shape.ElementCount).Select(i => (float)i).ToArray(), shape, lazy.Device);
    }

    /// <summary>The shape an indexer gives and the places it takes in row-major order; null where it is no valid one.</summary>
    private static (Shape Shape, int[] Places)? Plain(int[] sizes, TensorIndex[] indices)
    {
        var given = indices.Count(index => index != TensorIndex.NewAxis && index != TensorIndex.Ellipsis);
        if (given > sizes.Length || indices.Count(index => index == TensorIndex.Ellipsis) > 1) return null;
        if (!indices.Contains(TensorIndex.Ellipsis)) indices = [.. indices, TensorIndex.Ellipsis];
        int[] places = [0];
        var shape = new List<long>();
        var axis = 0;
        foreach (var index in indices)
        {
            if (index == TensorIndex.NewAxis)
            {
                shape.Add(1);
                continue;
            }
            for (var n = index == TensorIndex.Ellipsis ? sizes.Length - given : 1; n > 0; n--)
            {
                var size = sizes[axis++];
                int Turned(long place) => (int)(place < 0 ? place + size : place);
                IEnumerable<int> along;
                if (index == TensorIndex.Ellipsis) along = Enumerable.Range(0, size);
                else if (index.Kind == TensorIndexKind.Place)
                {
                    if (index.Start < -size || index.Start >= size) return null;
                    along = [Turned(index.Start)];
                }
                else
                {
                    var (first, last) = (Math.Clamp(index.Start == long.MaxValue ? size : Turned(index.Start), 0, size), Math.Clamp(index.End == long.MaxValue ? size : Turned(index.End), 0, size));
                    along = Enumerable.Range(0, size).Where(i => i >= first && i < last && (i - first) % index.Step == 0);
                }
                int[] list = [.. along];
                if (index.Kind != TensorIndexKind.Place) shape.Add(list.Length);
                places = [.. places.SelectMany(_ => list, (place, i) => (place * size) + i)];
            }
        }
        return (Shape.Create([.. shape]), places);
    }

    private static long SourcePlace(Shape shape, long[] sizes, long[] strides, int at)
    {
        long place = 0;
        for (var i = shape.Rank - 1; i >= 0; i--)
        {
            var index = at % (int)shape[i];
            at /= (int)shape[i];
            if (sizes[i] != 1) place += index * strides[i];
        }
        return place;
    }
}

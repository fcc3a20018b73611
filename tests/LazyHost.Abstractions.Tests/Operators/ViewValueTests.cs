using CsCheck;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Views and what assigning through them leaves, against the places they name.</summary>
public class ViewValueTests
{
    private static readonly Gen<int> Offset = Gen.Int[-4, 4];

    [Fact]
    public void Slices_are_replaced() =>
        Gen.Select(Gen.Int[0, 6].Array[2], Gen.Int[-8, 8].Array[2], Gen.Int[-8, 8].Array[2], Gen.Int[1, 3].Array[2]).Sample((sizes, starts, ends, steps) =>
        {
            long[][] axis = [.. Enumerable.Range(0, 2).Select(d => Taken(sizes[d], starts[d], ends[d], steps[d]))];
            var attributes = SliceScatter.Encode([0, 1], Longs(starts), Longs(ends), Longs(steps));
            Check(Slice.Form, SliceScatter.Form, attributes, [sizes[0], sizes[1]], [axis[0].Length, axis[1].Length],
                [.. axis[0].SelectMany(_ => axis[1], (row, column) => (row * sizes[1]) + column)]);
        }, iter: 300);

    [Fact]
    public void Diagonals_of_matrices() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Offset).Sample((rows, columns, offset) =>
        {
            long[] places = [.. Enumerable.Range(0, rows).Where(row => row + offset >= 0 && row + offset < columns).Select(row => (long)(row * columns) + row + offset)];
            Check(Diagonal.Form, DiagonalScatter.Form, Diagonal.Encode(offset), [rows, columns], [places.Length], places);
        }, iter: 200);

    [Fact]
    public void Diagonals_of_any_two_of_three_axes() =>
        Gen.Select(Gen.Shuffle(new[] { 0L, 1, 2 }), Gen.Int[1, 4].Array[3], Offset, Gen.Bool).Sample((axes, sizes, offset, negative) =>
        {
            Shape shape = [sizes[0], sizes[1], sizes[2]];
            var strides = shape.RowMajorStrides();
            var (rest, row, column) = (axes[0], axes[1], axes[2]);
            var places = (from i in Enumerable.Range(0, sizes[rest])
                          from j in Enumerable.Range(0, sizes[row])
                          where j + offset >= 0 && j + offset < sizes[column]
                          select (i * strides[rest]) + (j * strides[row]) + ((j + offset) * strides[column])).ToArray();
            var attributes = Diagonal.Encode(offset, negative ? row - 3 : row, negative ? column - 3 : column);
            Check(Diagonal.Form, DiagonalScatter.Form, attributes, shape, [sizes[rest], places.Length / sizes[rest]], places);
        }, iter: 200);

    [Fact]
    public void Strides_name_places() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 4], Gen.Int[0, 9].Array[4], Gen.Int[0, 5], Gen.Int[0, 3]).Sample((sizes, strides, offset, spare) =>
        {
            IEnumerable<long> places = [offset];
            for (var d = 0; d < sizes.Length; d++)
                places = [.. places.SelectMany(_ => Enumerable.Range(0, sizes[d]), (place, i) => place + (i * strides[d]))];
            var distinct = places.Distinct().Count() == places.Count();
            Check(AsStrided.Form, distinct ? AsStridedScatter.Form : null, AsStrided.Encode(Longs(sizes), Longs(strides[..sizes.Length]), offset),
                [places.LastOrDefault(offset) + 1 + spare], Shape.Create(Longs(sizes)), [.. places]);
            if (!distinct) Assert.Throws<InvalidAttributeException>(() => ReductionValueTests.TypeOf(AsStridedScatter.Form,
                AsStrided.Encode(Longs(sizes), Longs(strides[..sizes.Length]), offset), new(DType.Float64, [1000]), new(DType.Float64, Shape.Create(Longs(sizes)))));
        }, iter: 500);

    [Fact]
    public void A_view_shows_what_was_written_through_it()
    {
        var written = new HashSet<string>();
        foreach (var form in OperatorCatalog.All.Where(form => form is ShapeForm or Detach))
            foreach (var sample in form.Samples(DType.Float64).Where(sample => sample.Class != ShapeClass.Large))
            {
                var builder = new GraphBuilder();
                var x = builder.Parameter(sample.Inputs[0].Type);
                var source = builder.Parameter(ReductionValueTests.TypeOf(form, sample.Attributes, sample.Inputs[0].Type));
                if (form.WriteThrough(builder, x, source, sample.Attributes) is not { } after) continue;
                Assert.Equal(sample.Inputs[0].Type, builder.TypeOf(after));
                builder.AddRoot(builder.Emit(form, [after], sample.Attributes));
                double[] numbers = [.. Enumerable.Range(1, (int)builder.ShapeOf(source).ElementCount).Select(i => (double)-i)];
                Assert.Equal(numbers, Runner.Run(builder.Build(), new double[sample.Inputs[0].Type.Shape.ElementCount], numbers)[0]);
                written.Add(form.Name);
            }
        Assert.Superset(new HashSet<string> { "as_strided", "broadcast_to", "detach", "diagonal", "permute", "reshape", "slice", "squeeze", "transpose", "unsqueeze" }, written);
    }

    [Fact]
    public void Sorting_is_stable_and_puts_NaN_last()
    {
        double[] x = [2, double.NaN, -0.0, 0, 2, double.NegativeInfinity];
        var up = Runner.Run(Sort.Form, Sort.Encode(), (x, [6]));
        Assert.Equal([double.NegativeInfinity, -0.0, 0, 2, 2, double.NaN], up[0]);
        Assert.Equal([5, 2, 3, 0, 4, 1], up[1]);
        Assert.Equal([1, 0, 4, 2, 3, 5], Runner.Run(ArgSort.Form, ArgSort.Encode(-1, descending: true), (x, [6]))[0]);
        Assert.Equal([0, 3, 1, 2], Runner.Run(ArgSort.Form, ArgSort.Encode(0), (new[] { false, true, true, false }, [4]))[0]);
        Assert.Equal([3, 1, 4, 2], Runner.Run(Sort.Form, Sort.Encode(0, true), (new double[] { 3, 1, 4, 2 }, [1, 4]))[0]);
        Assert.Equal([4, 2, 3, 1], Runner.Run(Sort.Form, Sort.Encode(0, true), (new double[] { 3, 1, 4, 2 }, [2, 2]))[0]);
    }

    // x holds its own places, the source -1, -2, ...
    private static void Check(OperatorForm view, OperatorForm? scatter, Attributes attributes, Shape shape, Shape taken, long[] places)
    {
        double[] x = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(place => (double)place)];
        Assert.Equal(taken, ReductionValueTests.TypeOf(view, attributes, new TensorType(DType.Float64, shape)).Shape);
        Assert.Equal(places.Select(place => (double)place), Runner.Run(view, attributes, (x, shape))[0]);
        if (scatter is null) return;
        double[] source = [.. Enumerable.Range(1, places.Length).Select(i => (double)-i)];
        double[] expected = [.. x];
        for (var i = 0; i < places.Length; i++) expected[places[i]] = source[i];
        Assert.Equal(expected, Runner.Run(scatter, attributes, (x, shape), (source, taken))[0]);
    }

    private static long[] Taken(int size, int start, int end, int step)
    {
        var first = Math.Clamp(start < 0 ? start + size : start, 0, size);
        var limit = Math.Clamp(end < 0 ? end + size : end, 0, size);
        return [.. Enumerable.Range(0, size).Where(i => i >= first && i < limit && (i - first) % step == 0).Select(i => (long)i)];
    }

    private static long[] Longs(int[] numbers) => Array.ConvertAll(numbers, number => (long)number);
}

using CsCheck;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Operators that move elements, against naive models.</summary>
public class ShapeValueTests
{
    private static readonly double[] Six = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Slices_follow_Python() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[-12, 12], Gen.Int[-12, 12], Gen.Int[1, 4]).Sample((size, start, end, step) =>
        {
            var x = Enumerable.Range(0, size).Select(i => (double)i).ToArray();
            var first = Math.Clamp(start < 0 ? start + size : start, 0, size);
            var limit = Math.Clamp(end < 0 ? end + size : end, 0, size);
            var expected = x.Where((_, i) => i >= first && i < limit && (i - first) % step == 0).ToArray();
            Assert.Equal(expected, Runner.Run(Slice.Form, Slice.Encode([0], [start], [end], [step]), (x, [size]))[0]);
        }, iter: 300);

    [Fact]
    public void Permutations_move_every_element() =>
        Gen.Select(Gen.Shuffle(new[] { 0L, 1, 2 }), Gen.Int[1, 4].Array[3]).Sample((order, sizes) =>
        {
            Shape shape = [sizes[0], sizes[1], sizes[2]];
            var x = Enumerable.Range(0, (int)shape.ElementCount).Select(i => (double)i).ToArray();
            var strides = shape.RowMajorStrides();
            var expected = new List<double>();
            for (var i = 0; i < shape[(int)order[0]]; i++)
                for (var j = 0; j < shape[(int)order[1]]; j++)
                    for (var k = 0; k < shape[(int)order[2]]; k++)
                        expected.Add((i * strides[order[0]]) + (j * strides[order[1]]) + (k * strides[order[2]]));
            Assert.Equal(expected, Runner.Run(Permute.Form, Permute.Encode(order), (x, shape))[0]);
        }, iter: 100);

    [Fact]
    public void Moves()
    {
        Assert.Equal([1, 4, 2, 5, 3, 6], Runner.Run(Transpose.Form, Transpose.Encode(), (Six, [2, 3]))[0]);
        Assert.Equal([3, 2, 1, 6, 5, 4], Runner.Run(Flip.Form, Flip.Encode(-1), (Six, [2, 3]))[0]);
        Assert.Equal([6, 5, 4, 3, 2, 1], Runner.Run(Flip.Form, Flip.Encode(), (Six, [2, 3]))[0]);
        Assert.Equal([1, 1, 2, 2], Runner.Run(BroadcastTo.Form, BroadcastTo.Encode(2, 2), (new double[] { 1, 2 }, [2, 1]))[0]);
        Assert.Equal([9, 1, 9, 2, 9, 9], Runner.Run(Pad.Form, Pad.Encode([1], [2], [1]), (new double[] { 1, 2 }, [2]), (new double[] { 9 }, []))[0]);
        Assert.Equal([2], Runner.Run(Pad.Form, Pad.Encode([-1], [0]), (new double[] { 1, 2 }, [2]), (new double[] { 9 }, []))[0]);
        Assert.Equal([1, 2, 7, 3, 4, 8], Runner.Run(Concat.Form, Concat.Encode(-1), (new double[] { 1, 2, 3, 4 }, [2, 2]), (new double[] { 7, 8 }, [2, 1]))[0]);
        Assert.Equal([1, 3, 2, 4], Runner.Run(Stack.Form, Stack.Encode(-1), (new double[] { 1, 2 }, [2]), (new double[] { 3, 4 }, [2]))[0]);
    }

    [Fact]
    public void Shapes_of_results()
    {
        var type = new TensorType(DType.Float32, [2, 1, 6]);
        Assert.Equal([4, 3], ReductionValueTests.TypeOf(Reshape.Form, Reshape.Encode(4, -1), type).Shape);
        Assert.Equal([2, 6], ReductionValueTests.TypeOf(Squeeze.Form, Squeeze.Encode(), type).Shape);
        Assert.Equal([2, 1, 6], ReductionValueTests.TypeOf(Squeeze.Form, Squeeze.Encode(0, 2), type).Shape);
        Assert.Equal([1, 2, 1, 6, 1], ReductionValueTests.TypeOf(Unsqueeze.Form, Unsqueeze.Encode(0, -1), type).Shape);
    }

    [Fact]
    public void Symbolic_sizes_survive_shape_rules()
    {
        var shape = Shape.Create([new Dim(8, 1), new Dim(3)]);
        var x = new TensorType(DType.Float32, shape);
        Assert.Equal(shape, ReductionValueTests.TypeOf(Add.Form, default, x, new(DType.Float32, [3])).Shape);
        Assert.Equal(Shape.Create([new Dim(8, 1)]), ReductionValueTests.TypeOf(Sum.Form, Sum.Encode([1]), x).Shape);
        Assert.Equal(Shape.Create([new Dim(8, 1), new Dim(5)]), ReductionValueTests.TypeOf(MatMul.Form, default, x, new(DType.Float32, [3, 5])).Shape);
        Assert.Equal(shape, ReductionValueTests.TypeOf(Softmax.Form, Softmax.Encode(1), x).Shape);
        Assert.Equal(Shape.Create([new Dim(3), new Dim(8, 1)]), ReductionValueTests.TypeOf(Transpose.Form, Transpose.Encode(), x).Shape);
    }

    [Fact]
    public void Indexing()
    {
        Assert.Equal([2, 1, 6, 6], Runner.Run(Gather.Form, Gather.Encode(1), (Six, [2, 3]), (new long[] { 1, 0, 2, 2 }, [2, 2]))[0]);
        Assert.Equal([4, 2], Runner.Run(Gather.Form, Gather.Encode(0), (Six, [2, 3]), (new[] { 1, 0 }, [1, 2]))[0]);
        Assert.Equal([4, 5, 6, 1, 2, 3, 4, 5, 6], Runner.Run(IndexSelect.Form, IndexSelect.Encode(0), (Six, [2, 3]), (new long[] { 1, 0, 1 }, [3]))[0]);
        Assert.Equal([3, 1, 6, 4], Runner.Run(IndexSelect.Form, IndexSelect.Encode(-1), (Six, [2, 3]), (new long[] { 2, 0 }, [2]))[0]);
        Assert.Equal([31, 2, 3, 4, 5, 6],
            Runner.Run(ScatterAdd.Form, ScatterAdd.Encode(0), (Six, [2, 3]), (new long[] { 0, 0 }, [2, 1]), (new double[] { 10, 20 }, [2, 1]))[0]);
        Assert.Equal([1, 2, 3, 34, 45, 56],
            Runner.Run(IndexAdd.Form, IndexAdd.Encode(0), (Six, [2, 3]), (new long[] { 1, 5 }, [2]), (new double[] { 30, 40, 50, 9, 9, 9 }, [2, 3]))[0]);
        Assert.Equal([0, 1, 0, 0, 1, 0], Runner.Run(OneHot.Form, OneHot.Encode(2), (new long[] { 1, -1, 0 }, [3]))[0]);
    }

    [Fact]
    public void Creation()
    {
        Assert.Equal([5, 8, 11], Runner.Run(Arange.Form, Arange.Encode(3), (new long[] { 5 }, []), (new long[] { 3 }, []))[0]);
        Assert.Equal([7, 7], Runner.Run(Full.Form, Full.Encode(2), (new double[] { 7 }, []))[0]);
        Assert.Equal([0, 0], Runner.Run(Zeros.Form, Zeros.Encode(DType.Int64, 2))[0]);
        Assert.Equal([1, 1], Runner.Run(Ones.Form, Ones.Encode(DType.Float16, 1, 2))[0]);
        Assert.Equal([0, 1, 0, 1], Runner.Run(Iota.Form, Iota.Encode(DType.Int64, [2, 2], -1))[0]);
    }
}

using CsCheck;

namespace LazyHost.Tests;

/// <summary>Orders of axes: those that are, and those that are none.</summary>
public sealed class PermutationTests
{
    [Fact]
    public async Task TheInverseBringsEveryElementBack()
    {
        await using var lazy = new TestEngine();
        Gen.Select(Gen.Shuffle(new[] { 0L, 1, 2, 3 }), Gen.Int[0, 3].Array[4], Gen.Bool.Array[4]).Sample((order, sizes, fromEnd) =>
        {
            Shape shape = [sizes[0], sizes[1], sizes[2], sizes[3]];
            var elements = Enumerable.Range(0, (int)shape.ElementCount).Select(i => (float)i).ToArray();
            var x = Tensor.From(elements, shape, lazy.Device);
            var written = order.Select((axis, i) => fromEnd[i] ? axis - 4 : axis).ToArray();
            var y = x.Permute(written);
            Assert.Equal(order.Select(axis => shape[(int)axis]), y.Shape);
            var inverse = Enumerable.Range(0, 4).Select(axis => (long)Array.IndexOf(order, axis)).ToArray();
            var back = y.Permute(inverse);
            Assert.Equal(shape, back.Shape);
            Assert.Equal(elements, back.ToArray<float>());
            Assert.Equal(elements, y.Clone().Permute(inverse).ToArray<float>()); // of a copy, not only of the view of a view
        }, iter: 200, threads: 1);
    }

    [Theory]
    [InlineData(new long[] { 0, 1 }, "[0, 1] is no")]
    [InlineData(new long[] { 0, 1, 2, 2 }, "[0, 1, 2, 2] is no")]
    [InlineData(new long[] { 0, 1, 1 }, "axis 1")]
    [InlineData(new long[] { 0, 2, -1 }, "axis")]
    [InlineData(new long[] { 0, 1, 3 }, "axis 3")]
    [InlineData(new long[] { 0, 1, -4 }, "axis -4")]
    [InlineData(new long[] { }, "[] is no")]
    public async Task OrdersThatAreNoneAreRefused(long[] order, string named)
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Ones([2, 3, 4], lazy.Device);
        var error = Assert.ThrowsAny<LazyHostException>(() => x.Permute(order));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Equal("permute", error.Operator);
        Assert.Equal([4, 2, 3], x.Permute(2, 0, 1).Shape);
    }

    [Fact]
    public async Task AScalarHasOneOrder()
    {
        await using var lazy = new TestEngine();
        Assert.Equal(5f, Tensor.Scalar(5f, lazy.Device).Permute().Item());
    }
}

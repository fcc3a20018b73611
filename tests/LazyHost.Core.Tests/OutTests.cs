namespace LazyHost.Tests;

/// <summary>Results written to tensors that are there already: what other frameworks call out variants.</summary>
public sealed class OutTests
{
    [Fact]
    public async Task AResultIsWrittenToATensorThatIsThere()
    {
        await using var lazy = new TestEngine();
        var (a, b) = (Tensor.From([1f, 2, 3, 4], [2, 2], lazy.Device), lazy.Tensor(2, 4));
        var target = Tensor.Zeros([2, 2], lazy.Device);
        var view = target[1];
        (Func<Tensor> Result, float[] Elements)[] results =
        [
            (() => a / b, [0.5f, 0.5f, 1.5f, 1]),
            (() => a.MatMul(b), [10, 22, 10, 22]),
            (() => a.Mean(0), [2, 3, 2, 3]),
            (() => Tensor.Scalar(7f, lazy.Device), [7, 7, 7, 7]),
            (() => a.Eq(3), [0, 0, 1, 0]),
            (() => target + target, [0, 0, 2, 0]),
        ];
        foreach (var (result, elements) in results)
        {
            Assert.Same(target, target.Assign(result()));
            Assert.Equal(new(DType.Float32, [2, 2]), target.Type);
            Assert.Equal(elements[2..], view.ToArray<float>()); // views of it see it
            lazy.Device.MarkStep();
            Assert.Equal(elements, target.ToArray<float>());
        }
        Assert.Equal([1f, 2, 3, 4], a.ToArray<float>());
    }

    [Fact]
    public async Task AResultIsWrittenToAPartOfATensor()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Zeros([2, 3], lazy.Device);
        var (a, b) = (lazy.Tensor(1, 2, 3), lazy.Tensor(4, 5, 6));
        x[0].Assign(a * b);
        x[1, ..2].Assign(a[1..] - b[..2]);
        Assert.Equal([4f, 10, 18, -2, -2, 0], x.ToArray<float>());
    }

    [Fact]
    public async Task WhatDoesNotFitChangesNothing()
    {
        await using var lazy = new TestEngine();
        var target = lazy.Tensor(1, 2);
        Assert.Throws<ShapeMismatchException>(() => target.Assign(lazy.Tensor(1, 2, 3) * 2));
        Assert.Throws<ShapeMismatchException>(() => target.Assign(Tensor.Ones([2, 2], lazy.Device) * 2));
        Assert.Equal([1f, 2], target.ToArray<float>());
    }
}

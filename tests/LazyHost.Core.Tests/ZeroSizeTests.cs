using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Tensors without elements go through every stage like any other.</summary>
public sealed class ZeroSizeTests
{
    public static TheoryData<string, ExecutionMode> Runs => [("reference", ExecutionMode.Lazy), ("reference", ExecutionMode.Eager), ("simd", ExecutionMode.Lazy), ("simd", ExecutionMode.Eager)];

    private static TestEngine Engine(string backend, ExecutionMode mode) =>
        new(new() { Mode = mode }, backend == "simd" ? new SimdBackend(new SimdSettings(2)) : (IBackend)new ReferenceBackend());

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task OperationsOnNothingGiveNothing(string backend, ExecutionMode mode)
    {
        await using var lazy = Engine(backend, mode);
        var x = Tensor.Zeros([0, 3], lazy.Device);
        var y = Tensor.From([1f, 2, 3], [1, 3], lazy.Device);
        Tensor[] results = [x + x, x * y, y - x, x.Exp() * 2, x.Gt(0).To(DType.Float32), x.Clamp(0, 1), x.Softmax(), y.IndexSelect(0, Tensor.From<long>([], [0], lazy.Device)), Tensor.Concat(0, x, x), x.MatMul(Tensor.Ones([3, 3], lazy.Device))];
        lazy.Device.MarkStep();
        foreach (var result in results)
        {
            Assert.Equal([0, 3], result.Shape);
            Assert.Empty(result.ToArray<float>());
        }
        Assert.Throws<ShapeMismatchException>(() => x + Tensor.Ones([2, 3], lazy.Device));
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task WhatIsMadeOfNothingHasTheNeutralElement(string backend, ExecutionMode mode)
    {
        await using var lazy = Engine(backend, mode);
        var x = Tensor.Zeros([0, 3], lazy.Device);
        Assert.Equal([0f, 0, 0], x.Sum(0).ToArray<float>());
        Assert.Equal([1f, 1, 1], x.Prod(0).ToArray<float>());
        Assert.Equal((0f, 1f), (x.Sum().Item(), x.Prod().Item()));
        Assert.Equal((false, true), (x.Gt(0).Any().Item<bool>(), x.Gt(0).All().Item<bool>()));
        Assert.True(float.IsNaN(x.Mean().Item()));
        Assert.Equal([0f, 0, 0, 0], Tensor.Ones([2, 0], lazy.Device).MatMul(Tensor.Ones([0, 2], lazy.Device)).ToArray<float>());
        Assert.Throws<ShapeMismatchException>(() => x.Max(0));
        Assert.Throws<ShapeMismatchException>(() => x.ArgMax(0));
        Assert.Throws<ShapeMismatchException>(() => x.Item());
        Assert.Equal([7f, 7], x.Sum(1).Pad([1], [1], 7).ToArray<float>());
        Assert.Equal([1f, 2, 3], Tensor.Concat(0, x, lazy.Tensor(1, 2, 3).View([1, 3]), x).ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task ViewsAndPiecesOfNothing(string backend, ExecutionMode mode)
    {
        await using var lazy = Engine(backend, mode);
        var x = Tensor.Zeros([0, 4], lazy.Device);
        Tensor[] views = [x.Transpose(), x.View([2, 0, 2]), x.Narrow(1, 2, 0), x[.., 1..1], x.Expand([3, 0, 4]), x.Unsqueeze(0), x.Flatten(), x.Diagonal(), x.AsStrided([0, 7], [1, 1])];
        foreach (var view in views)
        {
            Assert.Equal(0, view.Shape.ElementCount);
            Assert.Empty(view.ToArray<float>());
            Assert.True(view.IsAliasOf(x));
        }
        x.Transpose()[1..].AddInPlace(1); // a write of nothing
        x.Fill(3);
        lazy.Device.MarkStep();
        Assert.Empty(x.ToArray<float>());
        Assert.Equal([0, 4], Assert.Single(x.Split(2)).Shape);
        Assert.Equal([[0, 2], [0, 2]], x.Split(2, 1).Select(piece => piece.Shape.ToArray()));
        Assert.Empty(x.Unbind());
        var whole = lazy.Tensor(1, 2, 3);
        whole[1..1].AddInPlace(5);
        whole[2..0] = Tensor.Zeros([1], lazy.Device);
        Assert.Equal([1f, 2, 3], whole.ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task RandomNumbersGradientsAndCopiesOfNothing(string backend, ExecutionMode mode)
    {
        await using var lazy = Engine(backend, mode);
        Assert.Empty(Tensor.RandomUniform([0], lazy.Device).ToArray<float>());
        Assert.Empty(Tensor.RandomPermutation(0, lazy.Device).ToArray<long>());
        Assert.Empty(Tensor.Ones([0, 2], lazy.Device).Dropout(0.5).Sort().Values.ToArray<float>());
        var parameter = new Parameter(Tensor.Zeros([0, 2], lazy.Device));
        ((parameter * 3).Sum() + 1).Backward();
        Assert.Equal([0, 2], parameter.Grad!.Shape);
        parameter.Assign(parameter - parameter.Grad);
        lazy.Device.MarkStep();
        Assert.Empty(parameter.ToArray<float>());
        var other = lazy.Engine.AddBackend(new ReferenceBackend(), "other", "test", "other")[0];
        Assert.Empty((parameter.Detach().To(other) + 1).ToArray<float>());
        Assert.Empty((await Tensor.ToArraysAsync<float>([parameter, parameter + 1]))[1]);
    }
}

namespace LazyHost.Tests;

/// <summary>The functions that make views, what they show, and what they refuse; copies and sorting.</summary>
public sealed class ShapeTests
{
    private static readonly float[] Twelve = [.. Enumerable.Range(0, 12).Select(i => (float)i)];

    [Fact]
    public async Task ViewsShowTheirElements()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From(Twelve, [3, 4], lazy.Device);
        Shows([2, 6], Twelve, x.View([2, -1]));
        Shows([4, 3], Twelve, x.ViewAs(Tensor.Zeros([4, 3], lazy.Device)));
        Shows([12], Twelve, x.Flatten());
        Shows([3, 4], Twelve, x.View([3, 2, 2]).Flatten(1));
        Shows([1], [5], Tensor.Scalar(5f, lazy.Device).Flatten());
        Shows([4], [4, 5, 6, 7], x.Select(0, 1));
        Shows([3], [3, 7, 11], x.Select(-1, -1));
        Shows([3, 2], [1, 2, 5, 6, 9, 10], x.Narrow(1, 1, 2));
        Shows([1, 4], [8, 9, 10, 11], x.Narrow(0, -1, 1));
        Shows([3, 0], [], x.Narrow(1, 4, 0));
        Shows([3], [0, 5, 10], x.Diagonal());
        Shows([2], [4, 9], x.Diagonal(-1));
        Shows([2, 2], [1, 3, 9, 11], x.AsStrided([2, 2], [8, 2], 1));
        Shows([2, 3], [1, 2, 3, 1, 2, 3], x[0, 1..].Expand([2, -1]));
        Shows([3, 4], [0, 0, 0, 0, 4, 4, 4, 4, 8, 8, 8, 8], x[.., ..1].ExpandAs(x));
        Assert.Equal([[0f, 1, 2, 3, 4, 5, 6, 7], [8f, 9, 10, 11]], x.Split(2).Select(piece => piece.ToArray<float>()));
        Assert.Equal([[0f, 4, 8], [], [1f, 2, 3, 5, 6, 7, 9, 10, 11]], x.Split([1, 0, 3], 1).Select(piece => piece.ToArray<float>()));
        Assert.Equal([0, 4], Assert.Single(x[..0].Split(5)).Shape);
        Assert.Equal([[0f, 4, 8], [1f, 5, 9], [2f, 6, 10], [3f, 7, 11]], x.Unbind(1).Select(piece => piece.ToArray<float>()));
        Assert.Empty(x[..0].Unbind());

        void Shows(Shape shape, float[] elements, Tensor view)
        {
            Assert.Equal(shape, view.Shape);
            Assert.Equal(elements, view.ToArray<float>());
        }
    }

    [Fact]
    public async Task WritesThroughThemChangeTheBase()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Zeros([3, 4], lazy.Device);
        Tensor[] views =
        [
            x.View([12])[..1], x.ViewAs(x).Narrow(1, 1, 1)[..1], x.Flatten()[2..3], x.Select(0, 0)[3..], x.Split(1)[1][.., ..1], x.Split([1, 2])[1][0, 1..2],
            x.Unbind()[1][2..3], x.Diagonal(2)[^1..], x.AsStrided([1], [1], 8), x.Expand([3, -1])[2, 1..2], x.ExpandAs(x).Transpose()[2..3, 2], x.Detach()[^1, ^1..],
        ];
        for (var i = 0; i < views.Length; i++)
        {
            Assert.True(views[i].IsAliasOf(x));
            views[i].AddInPlace((long)i + 1);
        }
        Assert.Equal(Twelve.Select(v => v + 1), x.ToArray<float>());
        for (var i = 0; i < views.Length; i++) Assert.Equal(i + 1f, views[i].Item());
        Assert.Equal([4L, 1, 3], x.View([3, 1, 4]).Transpose(0, 2).Shape.Sizes.ToArray());
    }

    [Fact]
    public async Task ACloneIsApart()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var clone = x.Clone();
        var early = x[..1].Clone();
        x.MulInPlace(10);
        clone.AddInPlace(1);
        Assert.False(clone.IsAliasOf(x));
        Assert.Equal([2f, 3], clone.ToArray<float>());
        Assert.Equal([10f, 20], x.ToArray<float>());
        Assert.Equal([1f], early.ToArray<float>());
        var wide = x.Expand([2, 2]).Clone();
        wide[0] = lazy.Tensor(5, 6);
        Assert.Equal([5f, 6, 10, 20], wide.ToArray<float>());
        var parameter = new Parameter(lazy.Tensor(1, 2));
        (parameter.Clone() * lazy.Tensor(3, 4)).Sum().Backward();
        Assert.Equal([3f, 4], parameter.Grad!.ToArray<float>());
    }

    [Fact]
    public async Task ASourceStaysItself()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.Zeros([2, 2], lazy.Device);
        var source = lazy.Tensor(1, 2) + 1;
        x.Detach()[0].Assign(source);
        x.View([2, 2])[1].View([2]).Assign(source);
        source.MulInPlace(100);
        x.Diagonal().AddInPlace(1);
        lazy.Device.MarkStep();
        Assert.Equal([200f, 300], source.ToArray<float>());
        Assert.Equal([3f, 3, 2, 4], x.ToArray<float>());
        var whole = Tensor.Ones([2, 2], lazy.Device) + 1;
        x.View([2, 2]).Assign(whole);
        x.Detach().Assign(whole);
        x.AddInPlace(5);
        lazy.Device.MarkStep();
        Assert.Equal([2f, 2, 2, 2], whole.ToArray<float>());
        Assert.Equal([7f, 7, 7, 7], x.ToArray<float>());
    }

    [Fact]
    public async Task WhatIsWrittenThroughAViewOfAllElementsIsComputedOnce()
    {
        await using var lazy = new TestEngine();
        Func<Tensor, Tensor>[] views = [x => x.Detach(), x => x.View([2, 2]), x => x.Permute(0, 1), x => x.Expand([2, 2])];
        foreach (var view in views)
        {
            var x = Tensor.Zeros([2, 2], lazy.Device);
            var source = Tensor.Ones([2, 2], lazy.Device) + 1;
            view(x).Assign(source);
            lazy.Device.MarkStep();
            var compiles = lazy.Compiles;
            Assert.True(source.IsSubmitted);
            Assert.Equal(source.ToArray<float>(), x.ToArray<float>());
            Assert.Equal(compiles, lazy.Compiles);
        }
    }

    [Fact]
    public async Task GradientsFlowThroughWritesToViews()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        var z = w * 1;
        z[0].MulInPlace(3.0);
        z[1..] = z[..1] * 2;
        (z.Sum() + w.Select(0, 1)).Backward();
        Assert.Equal([9f, 1], w.Grad!.ToArray<float>());
    }

    [Fact]
    public async Task ParametersAreWrittenThroughViewsOutsideOfGradients()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        using (GradMode.NoGrad())
        {
            w[0].Fill(7L);
            w.Detach()[1..].MulInPlace(10L);
        }
        (w * w).Sum().Backward();
        Assert.Equal([7f, 20], w.ToArray<float>());
        Assert.Equal([14f, 40], w.Grad!.ToArray<float>());
    }

    [Fact]
    public async Task CopiesComeFromOtherDevices()
    {
        await using var lazy = new TestEngine();
        var other = lazy.Engine.AddBackend(new Backends.Simd.SimdBackend(new Backends.Simd.SimdSettings()), "simd", "simd")[0];
        var x = Tensor.Zeros([2, 2], lazy.Device);
        x[1].CopyFrom(Tensor.From([1.5f, 2], [2], other) * 2);
        Assert.Equal([0f, 0, 3, 4], x.ToArray<float>());
        Assert.Equal([3f, 4, 3, 4], x.CopyFrom(x[1]).ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => x.CopyFrom(null!));
    }

    [Fact]
    public async Task SortingGivesValuesAndPlaces()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From([3f, 1, float.NaN, 1, 5, 4], [2, 3], lazy.Device);
        var (values, indices) = x.Sort();
        Assert.Equal([1f, 3, float.NaN, 1, 4, 5], values.ToArray<float>());
        Assert.Equal([1L, 0, 2, 0, 2, 1], indices.ToArray<long>());
        Assert.Equal([1L, 0, 1, 0, 1, 0], x.ArgSort(0).ToArray<long>());
        Assert.Equal([float.NaN, 3f, 1, 5, 4, 1], x.Sort(1, descending: true).Values.ToArray<float>());
        var parameter = new Parameter(lazy.Tensor(3, 1, 2));
        (parameter.Sort().Values * lazy.Tensor(10, 20, 30)).Sum().Backward();
        Assert.Equal([30f, 10, 20], parameter.Grad!.ToArray<float>());
    }

    [Fact]
    public async Task WhatDoesNotFitIsRefused()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From(Twelve, [3, 4], lazy.Device);
        Refused<ShapeMismatchException>(["[3, 4]", "[5, 2]"], () => x.View([5, 2]));
        Refused<AxisOutOfRangeException>(["axis 2"], () => x.Flatten(2));
        Refused<InvalidAttributeException>(["axes 1 to 0"], () => x.Flatten(1, 0));
        Refused<InvalidAttributeException>(["index 4", "axis 1", "[3, 4]"], () => x.Select(1, 4));
        Refused<AxisOutOfRangeException>(["axis 2"], () => x.Select(2, 0));
        Refused<InvalidAttributeException>(["3 elements from 2", "axis 1"], () => x.Narrow(1, 2, 3));
        Refused<InvalidAttributeException>(["-1 elements"], () => x.Narrow(1, 2, -1));
        Refused<InvalidAttributeException>(["pieces of 0"], () => x.Split(0)[0]);
        Refused<InvalidAttributeException>(["[2, 2]", "axis 0", "which has 3"], () => x.Split([2, 2])[0]);
        Refused<InvalidAttributeException>(["[4, -1]"], () => x.Split([4, -1])[0]);
        Refused<AxisOutOfRangeException>(["axis 2"], () => x.Unbind(2)[0]);
        Refused<InvalidAttributeException>(["element 12"], () => x.AsStrided([4], [4]));
        Refused<ShapeMismatchException>(["[3, 4]", "[3, 5]"], () => x.Expand([3, 5]));
        Refused<AxisOutOfRangeException>(["axis 2"], () => x.Diagonal(0, 0, 2));
        Refused<AxisOutOfRangeException>(["axis 5"], () => x.Sort(5).Values);
        Refused<InvalidAttributeException>(["as_strided", "several"], () => x.AsStrided([2], [0]).Fill(1L));
        Assert.Equal(Twelve, x.ToArray<float>());
        Assert.Throws<ArgumentNullException>(() => x.ViewAs(null!));
        Assert.Throws<ArgumentNullException>(() => x.ExpandAs(null!));

        static void Refused<T>(string[] named, Func<Tensor> make) where T : LazyHostException
        {
            var error = Assert.Throws<T>(make);
            Assert.All(named, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }
    }
}

using LazyHost.IR;

namespace LazyHost.Tests;

/// <summary>Views alias: a write to one is seen by what it is a view of, and by its siblings.</summary>
public sealed class ViewTests
{
    private static Tensor Matrix(TestEngine lazy, int rows = 3, int columns = 4) =>
        Tensor.From(Enumerable.Range(0, rows * columns).Select(i => (float)i).ToArray(), [rows, columns], lazy.Device);

    private static Tensor View(Tensor of, OperatorForm form, Attributes attributes) => of.View(form, attributes, null, 0);

    [Fact]
    public async Task AWriteThroughASliceChangesItsBaseAndItsSiblings()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        var rows = x.Slice(0, 1, 3);
        var column = x.Slice(1, 0, 1);
        rows.Assign(rows * 10);
        Assert.Equal([0f, 1, 2, 3, 40, 50, 60, 70, 80, 90, 100, 110], x.ToArray<float>());
        Assert.Equal([0f, 40, 80], column.ToArray<float>());
        Assert.Equal([40f, 50, 60, 70, 80, 90, 100, 110], rows.ToArray<float>());
    }

    [Fact]
    public async Task AWriteToTheBaseIsSeenByViewsMadeBefore()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        var transposed = x.Transpose();
        var flat = transposed.Reshape(-1);
        x.Assign(x + 100);
        Assert.Equal([100f, 104, 108, 101, 105, 109, 102, 106, 110, 103, 107, 111], flat.ToArray<float>());
        Assert.Equal([4L, 3L], transposed.Shape.Sizes.ToArray());
        Assert.Equal(flat.ToArray<float>(), transposed.ToArray<float>());
    }

    [Fact]
    public async Task AWriteThroughAViewOfAViewReachesTheBase()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        var inner = x.Transpose().Slice(0, 1, 4, 2).Unsqueeze(0).Permute(0, 2, 1).Slice(1, 2, 3); // row 2, columns 1 and 3
        inner.Assign(Tensor.From([-1f, -2f], [1, 1, 2], lazy.Device));
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7, 8, -1, 10, -2], x.ToArray<float>());
        Assert.Equal([-1f, -2f], inner.ToArray<float>());
    }

    [Fact]
    public async Task DiagonalsAndStridedViewsAreWrittenThrough()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        View(x, Operators.Diagonal.Form, Operators.Diagonal.Encode(1)).Assign(lazy.Tensor(-1, -2, -3));
        Assert.Equal([0f, -1, 2, 3, 4, 5, -2, 7, 8, 9, 10, -3], x.ToArray<float>());
        View(x, Operators.AsStrided.Form, Operators.AsStrided.Encode([2, 2], [8, 2], 1)).Assign(Tensor.Full([2, 2], 5, lazy.Device));
        Assert.Equal([0f, 5, 2, 5, 4, 5, -2, 7, 8, 5, 10, 5], x.ToArray<float>());
        var overlapping = View(x, Operators.AsStrided.Form, Operators.AsStrided.Encode([3, 2], [1, 1]));
        Assert.Contains("as_strided", Assert.Throws<InvalidAttributeException>(() => overlapping.Assign(overlapping + 1)).Message);
        Assert.Equal([0f, 5, 5, 2, 2, 5], overlapping.ToArray<float>());
    }

    [Fact]
    public async Task ABroadcastViewCannotBeWrittenTo()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var wide = x.BroadcastTo([3, 2]);
        var error = Assert.Throws<InvalidAttributeException>(() => wide.Assign(wide + 1));
        Assert.Contains("Clone()", error.Message);
        Assert.Equal([1f, 2], x.ToArray<float>());
    }

    [Fact]
    public async Task AliasesSurviveStepBoundaries()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        var view = x.Slice(0, 0, 1);
        lazy.Device.MarkStep();
        view.Assign(view - 5);
        lazy.Device.MarkStep();
        x.Assign(x * 2);
        lazy.Device.MarkStep();
        view.Assign(view + 1);
        lazy.Device.MarkStep();
        Assert.Equal([-9f, -7, -5, -3, 8, 10, 12, 14, 16, 18, 20, 22], x.ToArray<float>());
        Assert.Equal([-9f, -7, -5, -3], view.ToArray<float>());
    }

    [Fact]
    public async Task AViewOfAPendingTensorIsWrittenThroughToo()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2, 3, 4) * 1;
        var tail = x.Slice(0, 2);
        tail.Assign(tail * 10);
        var sum = x.Sum();
        x.Assign(x + 1);
        lazy.Device.MarkStep();
        Assert.Equal(73f, sum.Item());
        Assert.Equal([2f, 3, 31, 41], x.ToArray<float>());
        Assert.Equal([31f, 41], tail.ToArray<float>());
    }

    [Fact]
    public async Task AnOverwrittenPendingTensorIsNotComputed()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2) * 3;
        x.Assign(lazy.Tensor(7, 8) + 1);
        lazy.Device.MarkStep();
        Assert.Equal([8f, 9], x.ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task ViewsAreAliasesAndCopiesAreNot()
    {
        await using var lazy = new TestEngine();
        var x = Matrix(lazy);
        Assert.True(x.IsAliasOf(x.Transpose()));
        Assert.True(x.Reshape(-1).IsAliasOf(x.Slice(0, 1, 2)));
        Assert.True(x.Detach().IsAliasOf(x));
        Assert.False((x + 0).IsAliasOf(x));
        var copy = x + 0;
        x.Detach().Assign(copy * -1);
        Assert.Equal(-11f, x.ToArray<float>()[11]);
        Assert.Equal(11f, copy.ToArray<float>()[11]);
    }

    [Fact]
    public async Task ViewsAreNotRootsAndWhatTheyShowIsNotComputedTwice()
    {
        await using var lazy = new TestEngine();
        var y = Matrix(lazy) + 1;
        var flat = y.Reshape(-1);
        lazy.Device.MarkStep();
        Assert.Equal(12f, y.ToArray<float>()[11]);
        Assert.Equal(1, lazy.Compiles); // y was computed, flat not
        Assert.Equal(12f, flat.ToArray<float>()[11]);
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public async Task StateUpdatedThroughAViewCompilesOnce()
    {
        await using var lazy = new TestEngine();
        var state = Tensor.Zeros([4], lazy.Device);
        var head = state.Slice(0, 0, 2);
        for (var i = 0; i < 10; i++)
        {
            head.Assign(head + 1);
            lazy.Device.MarkStep();
        }
        Assert.Equal([10f, 10, 0, 0], state.ToArray<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task GradientsFlowThroughViewsAndInPlaceWrites()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(Tensor.From([1f, 2, 3, 4], [2, 2], lazy.Device));
        var x = w * 2;
        var row = x.Slice(0, 0, 1);
        row.Assign(row * row); // [4, 16; 6, 8]
        x.Transpose().Sum().Backward();
        Assert.Equal([8f, 16, 2, 2], w.Grad!.ToArray<float>());
        Assert.False(x.Detach().RequiresGrad);
    }

    [Fact]
    public async Task GradientsFlowThroughStateOfEarlierSegments()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(3));
        var h = Tensor.Ones([1], lazy.Device);
        for (var i = 0; i < 3; i++)
        {
            h.Assign(h * w);
            lazy.Device.MarkStep();
        }
        var loss = h * 1;
        h.Assign(lazy.Tensor(0)); // what was used stays what it was
        loss.Backward();
        Assert.Equal(27f, w.Grad!.Item());
    }

    [Fact]
    public async Task WritesWithoutGradientsCarryNone()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(3));
        var average = Tensor.Zeros([1], lazy.Device);
        using (GradMode.NoGrad()) average.Assign(w);
        Assert.False(average.RequiresGrad);
        Assert.Throws<GradientException>(() => (average * 2).Backward());
    }

    [Fact]
    public async Task ABaseWrittenToItsOwnViewIsReadBeforeItIsWritten()
    {
        await using var lazy = new TestEngine();
        var x = Tensor.From([1f, 2, 3, 4], [2, 2], lazy.Device);
        var transposed = x.Transpose();
        transposed.Assign(x);
        Assert.Equal([1f, 2, 3, 4], transposed.ToArray<float>());
        Assert.Equal([1f, 3, 2, 4], x.ToArray<float>());
    }

    [Fact]
    public async Task GradientsFlowThroughAViewAsThroughWhatItShows()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(1, 2));
        var head = w.Slice(0, 0, 1);
        head.Assign(head * 5);
        (head * 3).Sum().Backward(); // of what is computed from the new value, gradients end at the parameter
        Assert.Equal([3f, 0], w.Grad!.ToArray<float>());

        var x = w * 2;
        var view = x.Slice(0, 1);
        lazy.Device.MarkStep();
        using (GradMode.NoGrad()) Assert.False((view + 1).RequiresGrad);
        w.Grad = null;
        view.Sum().Backward();
        Assert.Equal([0f, 2], w.Grad!.ToArray<float>());

        var plain = Tensor.Zeros([2], lazy.Device);
        var part = plain.Slice(0, 0, 1);
        plain.Assign(w * 4);
        part.ToArray<float>();
        Assert.True(part.RequiresGrad);
    }

    [Fact]
    public async Task AViewOutlivesADiscardedStepThatUsedIt()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var view = x.Reshape(2, 1);
        var state = Tensor.Zeros([2, 1], lazy.Device);
        await using (lazy.Device.BeginStep())
        {
            state.Assign(view); // one value for both
            Assert.Equal([1f, 2], state.ToArray<float>());
        }
        Assert.Equal([1f, 2], view.ToArray<float>());
        Assert.Equal([0f, 0], state.ToArray<float>());
    }
}

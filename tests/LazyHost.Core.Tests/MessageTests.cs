namespace LazyHost.Tests;

/// <summary>Errors at the call say where in the user's file, and take nothing that cannot be.</summary>
public sealed class MessageTests
{
    private static void At<T>(string message, Action action) where T : LazyHostException
    {
        var error = Assert.Throws<T>(action);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Matches(@" \(at MessageTests\.cs:\d+\)$", error.Message);
    }

    [Fact]
    public async Task ReadsOfAnotherTypeOrOfManyElementsNameTheLine()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        At<ShapeMismatchException>("Item of f32[2], which has 2 elements", () => x.Item());
        At<DTypeMismatchException>("f32[2] cannot be read as Double", () => x.ToArray<double>());
        At<DTypeMismatchException>("f32[2] cannot be read as Double", () => x.ToArrayAsync<double>(TestContext.Current.CancellationToken));
        At<DTypeMismatchException>("f32[2] cannot be read as Int64", () => Tensor.ToArraysAsync<long>([x], TestContext.Current.CancellationToken));
        At<DTypeMismatchException>("f32[] cannot be read as Int64", () => x.Sum().Item<long>());
        At<ShapeMismatchException>("Item of f32[2], which has 2 elements", () => x.ItemAsync<float>(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WrongPlacesNameTheLine()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        At<InvalidAttributeException>("[2] of f32[2]: index 2 is outside axis 0, which has 2 elements", () => _ = x[2]);
        At<InvalidAttributeException>("[0, 0] of f32[2]: there are 2 indices for 1 axes", () => x[0, 0] = x);
    }

    [Fact]
    public async Task NothingCannotBeJoined()
    {
        await using var lazy = new TestEngine();
        At<InvalidAttributeException>("concat: there is no tensor; give it at least one", () => Tensor.Concat(0));
        At<InvalidAttributeException>("stack: there is no tensor; give it at least one", () => Tensor.Stack(0));
        Assert.Throws<ArgumentNullException>(() => Tensor.From((float[])null!, [0], lazy.Device));
    }

    [Fact]
    public async Task HugeShapesAreRefusedOrExpanded()
    {
        await using var lazy = new TestEngine();
        At<ShapeMismatchException>("f32[1099511627776] has 4,398,046,511,104 bytes, but what is made on the host has at most", () => Tensor.Zeros([1L << 40], lazy.Device));
        Assert.Contains("has more than 2^56 elements", Assert.Throws<ShapeMismatchException>(() => Tensor.Zeros([1L << 62], lazy.Device)).Message, StringComparison.Ordinal);
        Assert.Contains("has more than 2^56 elements", Assert.Throws<ShapeMismatchException>(() => lazy.Tensor(1).Expand([1L << 40, 1L << 40])).Message, StringComparison.Ordinal);
        Assert.Equal([1L << 40], Tensor.Full([1], 3, lazy.Device).Expand([1L << 40]).Shape);
    }

    [Fact]
    public async Task TensorsOfAnotherDeviceCannotBeAssigned()
    {
        await using var lazy = new TestEngine();
        await using var other = new TestEngine();
        var x = lazy.Tensor(1, 2);
        At<UnknownDeviceException>("a tensor on reference:0 cannot be assigned to one on reference:0", () => x.Assign(other.Tensor(1, 2)));
        Assert.Equal([1f, 2], x.ToArray<float>());
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void DropoutChecksItsProbability(double probability) =>
        Assert.Contains("it must be at least 0 and below 1", Assert.Throws<InvalidAttributeException>(() => new Dropout(probability)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task ACompiledRegionIsNotAsynchronous()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2);
        var entered = false;
        await Assert.ThrowsAsync<StepException>(() => lazy.Device.Compiled(async () =>
        {
            entered = true;
            await Task.Yield();
            x.AddInPlace(1);
        }, TestContext.Current.CancellationToken));
        Assert.False(entered);
    }

    [Fact]
    public async Task ValuesThatAreGoneNameTheLine()
    {
        await using var lazy = new TestEngine();
        var (large, hidden) = (await ExpireAsync(lazy), await ExpireAsync(lazy, hide: true));
        At<ExpiredValueException>("a value of type f32[40000]", () => large.ToArray<float>());
        At<ExpiredValueException>("mul: a value of type f32[40000]", () => large.Mul(2));
        At<ExpiredValueException>("dropout: a value of type f32[40000]", () => large.Dropout(0.5));
        At<ExpiredValueException>("add: a value of type f32[40000]", () => hidden.Mul(2)); // it was no root: what cannot be computed again is the sum
        At<ExpiredValueException>("add: a value of type f32[40000]", () => hidden.ToArray<float>());
    }

    /// <summary>A value of a step scope that has ended: a root, or one that was computed from the other.</summary>
    private static async Task<Tensor> ExpireAsync(TestEngine lazy, bool hide = false)
    {
        await using var step = lazy.Device.BeginStep();
        var large = Tensor.From(new float[40_000], [40_000], lazy.Device).Add(1);
        if (hide) _ = large.Sum();
        await step.CompleteAsync();
        return large;
    }
}

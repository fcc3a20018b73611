namespace LazyHost.Tests;

public sealed class FirstTests
{
    [Fact]
    public async Task AddsAndReads()
    {
        await using var lazy = new TestEngine();
        var x = lazy.Tensor(1, 2, 3);
        var y = (x * 2) + 1;
        Assert.Equal(new[] { 3f, 5f, 7f }, await y.ToArrayAsync<float>());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task TrainsALine()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(0));
        var x = lazy.Tensor(1, 2, 3, 4);
        var y = lazy.Tensor(3, 6, 9, 12);
        var optimizer = new SGD([w], 0.02);
        Tensor loss = null!;
        for (var i = 0; i < 60; i++)
        {
            loss = ((x * w) - y).Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            lazy.Device.MarkStep();
        }
        Assert.True(loss.Item() < 1e-3, $"loss {loss.Item()}");
        Assert.Equal(3f, w.Item(), 1e-2f);
        Assert.Equal(1, lazy.Compiles);
    }
}

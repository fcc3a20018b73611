namespace LazyHost.Tests;

public sealed class RandomTests
{
    [Fact]
    public async Task EqualSeedsGiveEqualNumbersAndStepsGiveOthersWithoutCompiling()
    {
        await using var lazy = new TestEngine();
        float[] Draw() => Tensor.RandomUniform([1000], lazy.Device).ToArray<float>();
        lazy.Device.SetSeed(5);
        var first = Draw();
        var second = Draw();
        lazy.Device.MarkStep();
        var third = Draw();
        lazy.Device.SetSeed(5);
        Assert.Equal(first, Draw());
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, third);
        Assert.All(first, v => Assert.InRange(v, 0f, 0.99999999f));
        Assert.InRange(first.Average(), 0.45, 0.55);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task TwoDrawsAreNotOneDrawTwice()
    {
        // Upstream serves the second program from the first one's cache entry: r + r has only even counts.
        await using var lazy = new TestEngine();
        var p = lazy.Tensor([.. Enumerable.Repeat(0.5f, 1000)]);
        Tensor Bernoulli() => (Tensor.RandomUniform([1000], lazy.Device).Lt(p)).To(DType.Float32);
        var r = Bernoulli();
        Assert.Equal([0f, 2f], (r + r).ToArray<float>().Distinct().Order());
        Assert.Equal([0f, 1f, 2f], (Bernoulli() + Bernoulli()).ToArray<float>().Distinct().Order());
        Assert.Equal(2, lazy.Compiles);
    }

    [Fact]
    public async Task DropoutKeepsTheExpectedValueAndItsMaskInBackward()
    {
        await using var lazy = new TestEngine();
        var x = new Parameter(Tensor.Ones([10_000], lazy.Device));
        var y = x.Dropout(0.25);
        y.Sum().Backward();
        var values = y.Keep().ToArray<float>();
        Assert.Equal([0f, 1 / 0.75f], values.Distinct().Order());
        Assert.InRange(values.Average(), 0.97, 1.03);
        Assert.Equal(values, x.Grad!.ToArray<float>());
        Assert.Contains("probability", Assert.Throws<InvalidAttributeException>(() => x.Dropout(1)).Message);
    }

    [Fact]
    public async Task ARecomputedValueHasTheSameBits()
    {
        await using var lazy = new TestEngine();
        var noise = Tensor.RandomNormal([100], lazy.Device);
        var sum = noise.Sum();
        lazy.Device.MarkStep();
        _ = sum.Item();
        lazy.Device.MarkStep();
        Assert.Equal(sum.Item(), noise.Sum().Item());
        Assert.Equal(noise.ToArray<float>(), noise.ToArray<float>());
    }
}

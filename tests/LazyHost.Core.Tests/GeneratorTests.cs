using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Random tensors: generators, seeds, distributions, and what is refused.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public async Task AGeneratorGivesTheNumbersOfItsSeedWhateverTheStep()
    {
        await using var lazy = new TestEngine();
        float[] Draw(Generator from) => Tensor.RandomUniform([100], lazy.Device, generator: from).ToArray<float>();
        var (a, b) = (new Generator(7), new Generator(8));
        var first = Draw(a);
        lazy.Device.MarkStep();
        var other = Draw(b);
        var second = Draw(a);
        Assert.Equal((7ul, 2ul), (a.Seed, a.Draws));
        Assert.Equal((8ul, 1ul), (b.Seed, b.Draws));
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, other);
        var again = new Generator(7);
        Assert.Equal([.. first, .. second], [.. Draw(again), .. Draw(again)]);
        a.SetSeed(8);
        Assert.Equal(0ul, a.Draws);
        Assert.Equal(other, Draw(a));
        Assert.Equal("seed 8, 1 draws", a.ToString());
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task AGeneratorLeavesTheNumbersOfTheDeviceAlone()
    {
        await using var lazy = new TestEngine();
        lazy.Device.SetSeed(5);
        var expected = Tensor.RandomUniform([10], lazy.Device).ToArray<float>();
        lazy.Device.SetSeed(5);
        _ = Tensor.RandomUniform([10], lazy.Device, generator: new(1));
        Assert.Equal(expected, Tensor.RandomUniform([10], lazy.Device).ToArray<float>());
    }

    [Fact]
    public async Task ASegmentOfGeneratorsCompilesOnceForManySeeds()
    {
        await using var lazy = new TestEngine();
        HashSet<float> sums = [];
        for (var seed = 0ul; seed < 20; seed++)
        {
            var generator = new Generator(seed);
            var x = Tensor.RandomNormal([50], lazy.Device, mean: seed, deviation: 2, generator: generator).Dropout(0.5, generator);
            sums.Add((x * Tensor.Bernoulli([50], 0.5, lazy.Device, generator: generator)).Sum().Item());
            lazy.Device.MarkStep();
        }
        Assert.Equal(20, sums.Count);
        Assert.Equal(1, lazy.Compiles);
    }

    [Fact]
    public async Task TheRunningSeedFollowsFromTheSeedStepByStep()
    {
        await using var lazy = new TestEngine();
        Assert.Equal((101ul, 101ul), (lazy.Device.Seed, lazy.Device.RunningSeed));
        lazy.Device.SetSeed(3);
        Assert.Equal((3ul, 3ul), (lazy.Device.Seed, lazy.Device.RunningSeed));
        lazy.Device.MarkStep();
        Assert.Equal((3ul, 1012031 + (3 * 7012063ul)), (lazy.Device.Seed, lazy.Device.RunningSeed));
    }

    [Fact]
    public async Task TheTwoBackendsDrawEqualBits()
    {
        var reference = await DrawAsync(new(backend: new ReferenceBackend()));
        var simd = await DrawAsync(new(backend: new SimdBackend(new SimdSettings())));
        Assert.Equal(reference, simd);

        static async Task<List<byte[]>> DrawAsync(TestEngine lazy)
        {
            await using var _ = lazy;
            var (device, generator) = (lazy.Device, new Generator(12));
            Tensor[] drawn =
            [
                .. DTypes.All.Where(t => t.IsFloat()).Select(t => Tensor.RandomUniform([33], device, t, -3, 5, generator)),
                .. DTypes.All.Where(t => t.IsInteger()).Select(t => Tensor.RandomIntegers([33], 0, 100, device, t, generator)),
                Tensor.RandomIntegers([33], long.MinValue, long.MaxValue, device), Tensor.RandomPermutation(1000, device, generator),
                Tensor.Bernoulli([33], 0.3, device, DType.Bool), Tensor.RandomUniform([33], device).Bernoulli(generator), Tensor.Ones([33], device).Dropout(0.3),
            ];
            var bytes = new List<byte[]>();
            foreach (var tensor in drawn) bytes.Add(await tensor.ToBytesAsync());
            return bytes;
        }
    }

    [Fact]
    public async Task DistributionsHaveTheirParameters()
    {
        await using var lazy = new TestEngine();
        var (device, generator) = (lazy.Device, new Generator(4));
        var uniform = Tensor.RandomUniform([20_000], device, low: -1, high: 3, generator: generator).ToArray<float>();
        Assert.All(uniform, x => Assert.InRange(x, -1f, 3f));
        Assert.Equal(1, uniform.Average(), 0.03);
        var normal = Tensor.RandomNormal([20_000], device, DType.Float64, 5, 0.5, generator).ToArray<double>();
        Assert.Equal(5, normal.Average(), 0.02);
        Assert.Equal(0.25, normal.Average(x => (x - 5) * (x - 5)), 0.02);
        Assert.Equal(0.25, Tensor.RandomExponential([20_000], device, rate: 4, generator: generator).ToArray<float>().Average(), 0.02);
        Assert.Equal(0.3, Tensor.Bernoulli([20_000], 0.3, device, DType.Int32, generator).ToArray<int>().Average(), 0.02);
        Assert.Equal([-2L, -1, 0, 1], Tensor.RandomIntegers([1000], -2, 2, device, generator: generator).ToArray<long>().Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), Tensor.RandomPermutation(1000, device, generator).ToArray<long>().Order());
        Assert.Equal([0f, 1f, 0f], Tensor.From([0f, 1f, float.NaN], [3], device).Bernoulli(generator).ToArray<float>());
    }

    [Fact]
    public async Task FillingDrawsWhatTheFunctionsDraw()
    {
        await using var lazy = new TestEngine();
        var device = lazy.Device;
        var p = lazy.Tensor(0.2f, 0.5f, 0.8f);
        var x = Tensor.Zeros([2, 3], device);
        Assert.Same(x, x.FillUniform(-1, 1, new(3)));
        Assert.Equal(Tensor.RandomUniform([2, 3], device, low: -1, high: 1, generator: new(3)).ToArray<float>(), x.ToArray<float>());
        Assert.Equal(Tensor.RandomNormal([2, 3], device, mean: 1, deviation: 2, generator: new(3)).ToArray<float>(), x.FillNormal(1, 2, new(3)).ToArray<float>());
        Assert.Equal(Tensor.RandomExponential([2, 3], device, rate: 2, generator: new(3)).ToArray<float>(), x.FillExponential(2, new(3)).ToArray<float>());
        Assert.Equal(Tensor.Bernoulli([2, 3], 0.5, device, generator: new(3)).ToArray<float>(), x.FillBernoulli(0.5, new(3)).ToArray<float>());
        Assert.Equal(p.BroadcastTo([2, 3]).Bernoulli(new(3)).ToArray<float>(), x.FillBernoulli(p, new(3)).ToArray<float>());
        Assert.Equal(Tensor.RandomIntegers([2, 3], 5, 9, device, generator: new(3)).ToArray<long>().Select(i => (float)i), x.FillIntegers(5, 9, new(3)).ToArray<float>());
        Assert.Equal(Tensor.Full([2, 3], 2, device).Dropout(0.5, new(3)).ToArray<float>(), x.Fill(2.0).DropoutInPlace(0.5, new(3)).ToArray<float>());
        var flags = Tensor.Zeros([2, 3], device, DType.Bool);
        Assert.Equal(Tensor.Bernoulli([2, 3], 0.5, device, generator: new(3)).ToArray<float>().Select(i => i != 0), flags.FillBernoulli(0.5, new(3)).ToArray<bool>());
        Assert.Equal([7, 7], Tensor.Zeros([2], device, DType.Int32).FillIntegers(7, 8).ToArray<int>());
        Assert.Equal([2, 2], Tensor.Zeros([2], device, DType.Int32).Fill(2.7).ToArray<int>());
        Assert.Equal([3f, 3f], Tensor.Zeros([2], device).Fill(Tensor.Scalar(3L, device)).ToArray<float>());
        Assert.Equal([0f, 0f, 0f], p.Zero().ToArray<float>());
    }

    [Fact]
    public async Task WhatCannotBeDrawnIsRefusedAndNothingIsDrawn()
    {
        await using var lazy = new TestEngine();
        var (device, generator) = (lazy.Device, new Generator(1));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomUniform(null!, device));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomUniform([2], null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomNormal(null!, device));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomExponential(null!, device));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomIntegers(null!, 0, 1, device));
        Assert.Throws<ArgumentNullException>(() => Tensor.Bernoulli(null!, 0.5, device));
        Assert.Throws<ArgumentNullException>(() => Tensor.Bernoulli([2], 0.5, null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.RandomPermutation(2, null!));
        Assert.Throws<ArgumentNullException>(() => Tensor.Zeros([2], device).FillBernoulli(null!));
        Refused<InvalidAttributeException>("between 1 and 0", () => Tensor.RandomUniform([2], device, low: 1, high: 0, generator: generator));
        Refused<InvalidAttributeException>("NaN", () => Tensor.RandomUniform([2], device, low: double.NaN, generator: generator));
        Refused<InvalidAttributeException>("finite", () => Tensor.RandomUniform([2], device, low: double.MinValue, high: double.MaxValue, generator: generator));
        Refused<InvalidAttributeException>("deviation of -1", () => Tensor.RandomNormal([2], device, deviation: -1, generator: generator));
        Refused<InvalidAttributeException>("rate of 0", () => Tensor.RandomExponential([2], device, rate: 0, generator: generator));
        Refused<InvalidAttributeException>("probability of 1.5", () => Tensor.Bernoulli([2], 1.5, device, generator: generator));
        Refused<InvalidAttributeException>("from 3 up to but without 3", () => Tensor.RandomIntegers([2], 3, 3, device, generator: generator));
        Refused<InvalidAttributeException>("u8 cannot hold", () => Tensor.RandomIntegers([2], 0, 257, device, DType.UInt8, generator));
        Refused<InvalidAttributeException>("u64 cannot hold", () => Tensor.RandomIntegers([2], -1, 5, device, DType.UInt64, generator));
        Refused<InvalidAttributeException>("count is -1", () => Tensor.RandomPermutation(-1, device, generator));
        Refused<DTypeMismatchException>("i32", () => Tensor.RandomUniform([2], device, DType.Int32, generator: generator));
        Refused<DTypeMismatchException>("f32", () => Tensor.RandomIntegers([2], 0, 5, device, DType.Float32, generator));
        Refused<DTypeMismatchException>("i64", () => Tensor.Zeros([2], device, DType.Int64).FillNormal(generator: generator));
        Refused<DTypeMismatchException>("i64", () => Tensor.Zeros([2], device, DType.Int64).Dropout(0.5, generator));
        Refused<DTypeMismatchException>("i64", () => Tensor.Zeros([2], device, DType.Int64).Bernoulli(generator));
        Refused<ShapeMismatchException>("[2]", () => Tensor.Zeros([3], device).FillBernoulli(lazy.Tensor(0, 1), generator));
        Refused<ShapeMismatchException>("[2]", () => Tensor.Zeros([3], device).Fill(lazy.Tensor(0, 1)));
        Assert.Equal(0ul, generator.Draws);
        lazy.Device.SetSeed(9);
        var expected = Tensor.RandomUniform([2], device).ToArray<float>();
        lazy.Device.SetSeed(9);
        Assert.Throws<DTypeMismatchException>(() => Tensor.RandomUniform([2], device, DType.Int32));
        Assert.Equal(expected, Tensor.RandomUniform([2], device).ToArray<float>());

        static void Refused<T>(string named, Func<Tensor> draw) where T : LazyHostException
        {
            var error = Assert.Throws<T>(draw);
            Assert.Contains(named, error.Message, StringComparison.Ordinal);
            Assert.EndsWith("GeneratorTests.cs", error.CallSite?.File, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ManyThreadsDrawFromOneGeneratorWithoutDrawingTwice()
    {
        await using var lazy = new TestEngine();
        var generator = new Generator(2);
        var drawn = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var fork = lazy.Device.Fork();
            var rows = new List<float>();
            for (var i = 0; i < 25; i++) rows.Add((await Tensor.RandomUniform([1], lazy.Device, generator: generator).ToArrayAsync<float>())[0]);
            return rows;
        })));
        Assert.Equal(200ul, generator.Draws);
        var again = new Generator(2);
        var expected = new List<float>();
        for (var i = 0; i < 200; i++) expected.Add(Tensor.RandomUniform([1], lazy.Device, generator: again).Item());
        Assert.Equal(expected.Order(), drawn.SelectMany(rows => rows).Order());
    }
}

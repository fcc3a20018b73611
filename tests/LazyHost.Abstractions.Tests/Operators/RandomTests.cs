using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Random operators: exact values from the bits, and the distributions they promise.</summary>
public class RandomTests
{
    private const int Count = 20_000;
    private static readonly (Array, Shape) Seed = (new ulong[] { 42 }, []);
    private static readonly (Array, Shape) Ordinal = (new ulong[] { 3 }, []);

    [Fact]
    public void Uniform_numbers_are_the_upper_bits()
    {
        var bits = Bits(8);
        Assert.Equal(bits.Select(b => (double)((uint)b >> 8) / (1 << 24)), Uniform(DType.Float32, 8));
        Assert.Equal(bits.Select(b => (double)((uint)b >> 21) / (1 << 11)), Uniform(DType.Float16, 8));
        Assert.Equal(bits.Select(b => (double)((uint)b >> 24) / (1 << 8)), Uniform(DType.BFloat16, 8));
        var words = Bits(16);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => ((((ulong)words[i] >> 5) << 26) | ((ulong)words[i + 8] >> 6)) / Math.ScaleB(1, 53)),
            Uniform(DType.Float64, 8));
    }

    [Theory]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Distributions(DType type)
    {
        var uniform = Uniform(type, Count);
        Assert.All(uniform, u => Assert.InRange(u, 0, 0.99999999999));
        Assert.Equal(0.5, uniform.Average(), 0.02);
        Assert.Equal(1.0 / 12, Variance(uniform), 0.01);
        var normal = Runner.Run(RandomNormal.Form, RandomNormal.Encode(type, [Count]), Seed, Ordinal)[0];
        Assert.All(normal, x => Assert.True(double.IsFinite(x)));
        Assert.Equal(0, normal.Average(), 0.04);
        Assert.Equal(1, Variance(normal), 0.05);
        Assert.Equal(0.6827, normal.Count(x => Math.Abs(x) < 1) / (double)Count, 0.02);
        var exponential = Runner.Run(RandomExponential.Form, RandomExponential.Encode(type, [Count]), Seed, Ordinal)[0];
        Assert.All(exponential, x => Assert.True(x >= 0 && double.IsFinite(x)));
        Assert.Equal(1, exponential.Average(), 0.03);
        Assert.Equal(1, Variance(exponential), 0.1);
        Assert.Equal(0.6321, exponential.Count(x => x < 1) / (double)Count, 0.02);
    }

    [Fact]
    public void Seed_and_ordinal_both_change_the_numbers()
    {
        var first = Uniform(DType.Float32, 4);
        Assert.NotEqual(first, Runner.Run(RandomUniform.Form, RandomUniform.Encode(DType.Float32, [4]), (new ulong[] { 43 }, []), Ordinal)[0]);
        Assert.NotEqual(first, Runner.Run(RandomUniform.Form, RandomUniform.Encode(DType.Float32, [4]), Seed, (new ulong[] { 4 }, []))[0]);
        Assert.Equal(first, Uniform(DType.Float32, 9)[..4]);
    }

    [Fact]
    public void Integers_stay_within_their_bounds()
    {
        var x = Runner.Run(RandomIntegers.Form, RandomIntegers.Encode(DType.Int64, [Count]), Seed, Ordinal, (new long[] { -3 }, []), (new long[] { 4 }, []))[0];
        Assert.Equal([-3, -2, -1, 0, 1, 2, 3], x.Distinct().Order());
        foreach (var group in x.GroupBy(v => v)) Assert.Equal(1.0 / 7, group.Count() / (double)Count, 0.02);
    }

    [Fact]
    public void Permutations_are_the_order_of_the_bits()
    {
        var words = Bits(64);
        var keys = Enumerable.Range(0, 32).Select(i => ((ulong)(uint)words[i] << 32) | (uint)words[i + 32]).ToArray();
        Assert.Equal(Enumerable.Range(0, 32).OrderBy(i => keys[i]).Select(i => (double)i), Permutation(32));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (double)i), Permutation(Count).Order());
        Assert.Equal([0], Permutation(1));
        Assert.Empty(Permutation(0));
    }

    [Fact]
    public void Bernoulli_follows_its_probabilities()
    {
        var p = Enumerable.Repeat(0.25, Count).Concat([0, 1, double.NaN]).ToArray();
        var x = Runner.Run(Bernoulli.Form, default, (p, [p.Length]), Seed, Ordinal)[0];
        Assert.Equal(0.25, x.Take(Count).Average(), 0.02);
        Assert.Equal([0, 1, 0], x[Count..]);
    }

    [Fact]
    public void Dropout_scales_what_it_keeps()
    {
        var ones = Enumerable.Repeat(1.0, Count).ToArray();
        var y = Runner.Run(Dropout.Form, default, (ones, [Count]), Seed, Ordinal, (new[] { 0.8 }, []))[0];
        Assert.Equal([0, 1.25], y.Distinct().Order());
        Assert.Equal(1, y.Average(), 0.02);
        Assert.Equal(ones, Runner.Run(Dropout.Form, default, (ones, [Count]), Seed, Ordinal, (new[] { 1.0 }, []))[0]);
        Assert.All(Runner.Run(Dropout.Form, default, (ones, [Count]), Seed, Ordinal, (new[] { 0.0 }, []))[0], v => Assert.Equal(0, v));
    }

    private static double[] Uniform(DType type, int count) => Runner.Run(RandomUniform.Form, RandomUniform.Encode(type, [count]), Seed, Ordinal)[0];

    private static double[] Permutation(int count) => Runner.Run(RandomPermutation.Form, RandomPermutation.Encode(count), Seed, Ordinal)[0];

    private static double[] Bits(int count)
    {
        var builder = new GraphBuilder();
        var seed = builder.Parameter(new(DType.UInt64, []));
        var ordinal = builder.Parameter(new(DType.UInt64, []));
        builder.AddRoot(builder.CastTo(builder.Emit(Primitives.RandomBits, [seed, ordinal], Attributes.Of(new long[] { count })), DType.Int64));
        return Runner.Run(builder.Build(), Seed.Item1, Ordinal.Item1)[0];
    }

    private static double Variance(double[] x)
    {
        var mean = x.Average();
        return x.Average(v => (v - mean) * (v - mean));
    }
}

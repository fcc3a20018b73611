using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class ConvolutionTests
{
    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.BFloat16)]
    public async Task RandomConvolutionsAgreeWithTheReference(DType type)
    {
        await using var simd = new SimdBackend(new(2));
        await using var scalar = new SimdBackend(new(1, 0));
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var spatial = random.Next(0, 4);
            var groups = random.Next(1, 4);
            long[] Each(Func<int, long> f) => [.. Enumerable.Range(0, spatial).Select(f)];
            var taps = Each(_ => random.Next(1, 5));
            var dilationW = Each(_ => random.Next(1, 3));
            var over = Each(i => ((taps[i] - 1) * dilationW[i]) + 1 + random.Next(0, spatial == 2 ? 14 : 5));
            TensorType x = new(type, Shape.Create([random.Next(1, 4), groups * random.Next(1, 4), .. over]));
            TensorType w = new(type, Shape.Create([groups * random.Next(1, 20), x.Shape[1] / groups, .. taps]));
            Check(simd, scalar, random, x, w, Attributes.Of(Each(_ => random.Next(1, 3)), Each(_ => random.Next(-1, 3)), Each(_ => random.Next(0, 3)), Each(_ => random.Next(4) == 0 ? 2 : 1), dilationW, groups));
        }
    }

    [Fact]
    public async Task FormsOfTheGradientsAgreeWithTheReference()
    {
        await using var simd = new SimdBackend(new(2));
        await using var scalar = new SimdBackend(new(1, 0));
        long[] one = [1, 1], pad = [1, 1];
        // The weights' gradient: channels as batch, the results' gradient as a large filter. The images' gradient: with zeros between, for a stride of two.
        Check(simd, scalar, new(1), new(DType.Float32, [8, 4, 14, 14]), new(DType.Float32, [16, 4, 14, 14]), Attributes.Of(one, pad, pad, one, one, 1));
        Check(simd, scalar, new(2), new(DType.Float32, [8, 4, 15, 15]), new(DType.Float32, [16, 4, 7, 7]), Attributes.Of(one, pad, pad, one, new long[] { 2, 2 }, 1));
        Check(simd, scalar, new(3), new(DType.Float32, [4, 16, 7, 7]), new(DType.Float32, [8, 16, 3, 3]), Attributes.Of(one, pad, pad, new long[] { 2, 2 }, one, 1));
    }

    private static void Check(SimdBackend simd, SimdBackend scalar, Random random, TensorType x, TensorType w, Attributes attributes)
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.Convolution, [builder.Parameter(x), builder.Parameter(w)], attributes));
        byte[][] inputs = [Elements.Random(random, x, false), Elements.Random(random, w, false)];
        var tolerance = x.DType == DType.Float64 ? new Tolerance(1e-12, 1e-10) : x.DType == DType.Float32 ? new Tolerance(1e-5, 1e-3) : new Tolerance(2e-2, 0.2);
        Runner.Compare([simd, scalar], builder.Build(), inputs, tolerance);
    }
}

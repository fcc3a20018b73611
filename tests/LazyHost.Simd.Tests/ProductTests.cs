using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class ProductTests
{
    private static readonly (long B, long M, long N, long K)[] Sizes =
    [
        (1, 1, 1, 1), (1, 5, 3, 7), (1, 64, 64, 64), (1, 13, 33, 300), (1, 40, 129, 257), (1, 1, 200, 90), (1, 200, 1, 90), (1, 3, 200, 40), (3, 17, 40, 19), (1, 130, 70, 130), (1, 4, 0, 3), (1, 4, 5, 0), (7, 2, 2, 2),
    ];

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16), InlineData(DType.Int32), InlineData(DType.Int64), InlineData(DType.UInt8)]
    public async Task ProductsOfEveryLayoutAgreeWithTheReference(DType type)
    {
        var random = new Random(9);
        SimdBackend[] backends = [.. ((int[])[512, 256, 128, 0]).Select(width => new SimdBackend(new(2, width)))];
        foreach (var (b, m, n, k) in Sizes)
            for (var layout = 0; layout < 4; layout++)
            {
                var (isTurnedA, isTurnedB) = ((layout & 1) != 0, (layout & 2) != 0);
                TensorType a = new(type, isTurnedA ? [b, k, m] : [b, m, k]), c = new(type, isTurnedB ? [b, n, k] : [b, k, n]);
                var builder = new GraphBuilder();
                builder.AddRoot(builder.Emit(Primitives.DotGeneral, [builder.Parameter(a), builder.Parameter(c)],
                    Attributes.Of(new long[] { 0 }, new long[] { 0 }, new long[] { isTurnedA ? 1 : 2 }, new long[] { isTurnedB ? 2 : 1 })));
                Runner.Compare(backends, builder.Build(), [Elements.Random(random, a, false), Elements.Random(random, c, false)],
                    type.IsFloat() ? new Tolerance(Tolerance.Default(type).Relative * 4, type == DType.Float64 ? 1e-11 : type == DType.Float32 ? 1e-3 : 0.1) : Tolerance.Exact);
            }
        foreach (var backend in backends) await backend.DisposeAsync();
    }

    [Fact]
    public async Task BitsDoNotDependOnThreads()
    {
        TensorType a = new(DType.Float32, [300, 600]), b = new(DType.Float32, [600, 250]);
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.DotGeneral, [builder.Parameter(a), builder.Parameter(b)], Attributes.Of(Array.Empty<long>(), Array.Empty<long>(), new long[] { 1 }, new long[] { 0 })));
        byte[][] inputs = [Elements.Random(new Random(1), a, false), Elements.Random(new Random(2), b, false)];
        await using var one = new SimdBackend(new(1));
        await using var many = new SimdBackend(new(4));
        Assert.Equal(Runner.Run(one, builder.Build(), inputs)[0], Runner.Run(many, builder.Build(), inputs)[0]);
    }
}

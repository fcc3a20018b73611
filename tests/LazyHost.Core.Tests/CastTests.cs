using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;

namespace LazyHost.Tests;

/// <summary>Element types in and out, from one to another, and mixed in one operation.</summary>
public sealed class CastTests
{
    public static TheoryData<string> Backends => ["reference", "simd"];

    private static TestEngine Engine(string backend) => new(backend: backend == "simd" ? new SimdBackend(new SimdSettings(2)) : (IBackend)new ReferenceBackend());

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task ElementsComeBackAsTheyWent(string backend)
    {
        await using var lazy = Engine(backend);
        Back<bool>([true, false]);
        Back<byte>([0, 255]);
        Back<sbyte>([-128, 127]);
        Back<ushort>([0, ushort.MaxValue]);
        Back<short>([short.MinValue, short.MaxValue]);
        Back<uint>([0, uint.MaxValue]);
        Back<int>([int.MinValue, int.MaxValue]);
        Back<ulong>([0, ulong.MaxValue]);
        Back<long>([long.MinValue, long.MaxValue]);
        Back<Half>([Half.MinValue, Half.Epsilon, Half.NaN]);
        Back<BFloat16>([(BFloat16)1.5f, (BFloat16)float.NegativeInfinity]);
        Back<float>([float.MaxValue, float.Epsilon, -0f, float.NaN]);
        Back<double>([double.MaxValue, double.Epsilon, -0.0, double.NaN]);

        void Back<T>(T[] elements) where T : unmanaged
        {
            var x = Tensor.From(elements, [elements.Length], lazy.Device);
            Assert.Equal(DTypes.Of<T>(), x.DType);
            Assert.Equal(elements, x.ToArray<T>());
            Assert.Equal(elements, x[..].Clone().Flip().Flip().ToArray<T>()); // through the device
            Assert.Equal(elements[0], x[0].Item<T>());
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task EveryTypeIsConvertedToEveryOther(string backend)
    {
        await using var lazy = Engine(backend);
        foreach (var from in DTypes.All)
            foreach (var to in DTypes.All)
            {
                var x = Tensor.From([0.0, 1, 2.75, 100.5], [4], lazy.Device).To(from);
                var y = x.To(to);
                Assert.Equal(to, y.DType);
                Assert.Equal(from == to, ReferenceEquals(x, y));
                double[] held = from == DType.Bool ? [0, 1, 1, 1] : from.IsInteger() ? [0, 1, 2, 100] : [0, 1, 2.75, 100.5];
                double[] expected = to == DType.Bool ? [.. held.Select(v => v == 0 ? 0.0 : 1)] : to.IsInteger() ? [.. held.Select(Math.Truncate)] : held;
                Assert.Equal(expected, y.To(DType.Float64).ToArray<double>());
            }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task ResultsHaveTheTypeThatPromotionSays(string backend)
    {
        await using var lazy = Engine(backend);
        foreach (var a in DTypes.All)
            foreach (var b in DTypes.All)
            {
                var sum = Tensor.Ones([2], lazy.Device, a) * Tensor.Ones([2], lazy.Device, b);
                Assert.Equal(DTypes.Promote(a, b), sum.DType);
                Assert.Equal([1.0, 1], sum.To(DType.Float64).ToArray<double>());
                var inPlace = Tensor.Zeros([2], lazy.Device, a);
                Assert.Equal(a, inPlace.Assign(Tensor.Ones([2], lazy.Device, b)).DType); // an assignment converts
                Assert.Equal([1.0, 1], inPlace.To(DType.Float64).ToArray<double>());
            }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task HalvesAndSinglesMix(string backend)
    {
        await using var lazy = Engine(backend);
        var half = Tensor.From([(Half)1.5f, (Half)2048], [2], lazy.Device);
        var single = lazy.Tensor(0.25f, 1);
        Assert.Equal([1.75f, 2049], (half + single).ToArray<float>());
        Assert.Equal([(Half)1.75f, (Half)2048], half.AddInPlace(single).ToArray<Half>()); // 2049 is no half: the nearest even one
        Assert.Equal(DType.Float16, (half * 2.5).DType);
        Assert.Equal(DType.Float32, (half + half.To(DType.BFloat16)).DType);
        Assert.Equal([Half.PositiveInfinity], Tensor.From([70_000f], [1], lazy.Device).To(DType.Float16).ToArray<Half>());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task AConditionMeetsNumbers(string backend)
    {
        await using var lazy = Engine(backend);
        var x = lazy.Tensor(1, -2, 3);
        var positive = x.Gt(0);
        Assert.Equal(DType.Bool, positive.DType);
        Assert.Equal([1f, 0, 3], (x * positive).ToArray<float>().Select(v => v == 0 ? 0f : v));
        Assert.Equal(2f, positive.To(DType.Float32).Sum().Item());
        Assert.Equal([true, false, false], positive.LogicalAnd(x.Lt(2)).ToArray<bool>());
        Assert.Equal([2L, 1, 2], (positive + Tensor.From([1L, 1, 1], [3], lazy.Device)).ToArray<long>());
        Assert.Equal([1f, 9, 3], x.Where(positive, 9).ToArray<float>());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public async Task AProductHasTheTypeThatPromotionSays(string backend)
    {
        await using var lazy = Engine(backend);
        var half = Tensor.Ones([2, 3], lazy.Device, DType.Float16);
        Assert.Equal(new(DType.Float16, [2, 2]), half.MatMul(Tensor.Ones([3, 2], lazy.Device, DType.Float16)).Type);
        var bias = Tensor.Ones([2], lazy.Device, DType.Float64);
        var product = half.MatMul(Tensor.Ones([3, 2], lazy.Device, DType.Float16)) + bias;
        Assert.Equal(new(DType.Float64, [2, 2]), product.Type); // known before anything runs
        Assert.Equal([4.0, 4, 4, 4], product.ToArray<double>());
        Assert.Throws<ShapeMismatchException>(() => half.MatMul(half));
        Assert.Throws<DTypeMismatchException>(() => half.CrossEntropy(Tensor.Ones([2], lazy.Device)));
    }
}

using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.IR;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

public sealed class ConvolutionTests
{
    private static bool IsSlow => TestDevice.Type == AcceleratorType.CPU;

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16)]
    public void Random_convolutions_agree_with_the_reference(DType type)
    {
        if (IsSlow) Assert.Skip("only a device is fast enough");
        using var device = new TestDevice();
        for (var seed = 0; seed < 30; seed++)
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
            Check(device.Session, random, x, w, Attributes.Of(Each(_ => random.Next(1, 3)), Each(_ => random.Next(-1, 3)), Each(_ => random.Next(0, 3)), Each(_ => random.Next(4) == 0 ? 2 : 1), dilationW, groups));
        }
    }

    [Fact]
    public void Forms_of_the_gradients_agree_with_the_reference()
    {
        if (IsSlow) Assert.Skip("only a device is fast enough");
        using var device = new TestDevice();
        long[] one = [1, 1], two = [2, 2], pad = [1, 1];
        // The weights' gradient: channels as batch, the results' gradient as a large filter, which groups share. The images' gradient: with zeros between, for a stride of two.
        Check(device.Session, new(1), new(DType.Float32, [8, 4, 14, 14]), new(DType.Float32, [16, 4, 14, 14]), Attributes.Of(one, pad, pad, one, one, 1));
        Check(device.Session, new(2), new(DType.Float32, [8, 4, 15, 15]), new(DType.Float32, [16, 4, 7, 7]), Attributes.Of(one, pad, pad, one, two, 1));
        Check(device.Session, new(3), new(DType.Float32, [4, 16, 7, 7]), new(DType.Float32, [8, 16, 3, 3]), Attributes.Of(one, pad, pad, two, one, 1));
    }

    [Fact]
    public void Small_and_empty_convolutions_agree_with_the_reference()
    {
        using var device = new TestDevice();
        long[] one = [1], none = [0];
        Check(device.Session, new(4), new(DType.Float32, [1, 2, 4]), new(DType.Float32, [5, 2, 3]), Attributes.Of(one, one, one, one, one, 1));
        Check(device.Session, new(5), new(DType.Float32, [2, 4, 3]), new(DType.Float32, [4, 2, 2]), Attributes.Of(one, none, none, one, one, 2));
        Check(device.Session, new(6), new(DType.Float32, [2, 0, 3]), new(DType.Float32, [3, 0, 2]), Attributes.Of(one, none, none, one, one, 1));
        Check(device.Session, new(7), new(DType.Float32, [2, 1, 0]), new(DType.Float32, [3, 1, 2]), Attributes.Of(one, one, one, one, one, 1));
        Check(device.Session, new(8), new(DType.Float32, [0, 1, 3]), new(DType.Float32, [3, 1, 2]), Attributes.Of(one, one, one, one, one, 1));
    }

    private static void Check(DeviceSession session, Random random, TensorType x, TensorType w, Attributes attributes)
    {
        var tolerance = x.DType == DType.Float64 ? new Tolerance(1e-12, 1e-10) : x.DType == DType.Float32 ? new Tolerance(1e-5, 1e-3) : new Tolerance(2e-2, 0.2);
        StepRunner.Compare(session, Primitives.Convolution, attributes, [(x, Elements.Random(random, x, false)), (w, Elements.Random(random, w, false))], tolerance);
    }
}

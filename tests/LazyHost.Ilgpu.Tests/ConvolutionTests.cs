using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.Backends.Ilgpu.Convolutions;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Ilgpu.TensorCores;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
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

    /// <summary>Windows of one element, and of the whole image: what 1 x 1 filters, their gradients, and filters as large as the image are.</summary>
    [Theory, InlineData(DType.Float32), InlineData(DType.BFloat16)]
    public void Convolutions_that_are_products_run_as_such(DType type)
    {
        using var device = new TestDevice();
        long[] one = [1, 1], none = [0, 0], two = [2, 2];
        Compare(new(type, [2, 3, 2, 3]), new(type, [6, 3, 1, 1]), Attributes.Of(one, none, none, one, one, 1), isProduct: true);
        Compare(new(type, [5, 2, 2, 3]), new(type, [6, 2, 2, 3]), Attributes.Of(one, none, none, one, one, 1), isProduct: true);
        Compare(new(type, [3, 2, 1, 1]), new(type, [6, 2, 1, 1]), Attributes.Of(two, none, none, two, two, 1), isProduct: true);
        // Stepped over, padded, spread out, in groups, or a window that ends before the image: no products.
        Compare(new(type, [2, 2, 3, 3]), new(type, [3, 2, 1, 1]), Attributes.Of(two, none, none, one, one, 1), isProduct: false);
        Compare(new(type, [2, 2, 2, 2]), new(type, [3, 2, 1, 1]), Attributes.Of(one, one, none, one, one, 1), isProduct: false);
        Compare(new(type, [2, 2, 2, 2]), new(type, [3, 2, 1, 1]), Attributes.Of(one, none, none, two, one, 1), isProduct: false);
        Compare(new(type, [2, 4, 2, 2]), new(type, [4, 2, 1, 1]), Attributes.Of(one, none, none, one, one, 2), isProduct: false);
        Compare(new(type, [2, 2, 3, 3]), new(type, [3, 2, 2, 2]), Attributes.Of(two, none, none, one, one, 1), isProduct: false);

        void Compare(TensorType x, TensorType w, Attributes attributes, bool isProduct)
        {
            var isWindow = false;
            Check(device.Session, new(9), x, w, attributes, (step, program) =>
            {
                var made = new CallCompiler(device.Session).Compile(step, program.Buffers);
                isWindow = made is WindowStep;
                return made;
            });
            Assert.Equal(isProduct, !isWindow);
        }
    }

    [Theory, InlineData(DType.Float16), InlineData(DType.BFloat16)]
    public void Tensor_cores_agree_with_the_reference(DType type)
    {
        if (IsSlow) Assert.Skip("only a device is fast enough");
        using var device = new TestDevice();
        long[] one = [1, 1], none = [0, 0], two = [2, 2];
        Check(device.Session, new(1), new(type, [2, 8, 9, 10]), new(type, [40, 8, 3, 3]), Attributes.Of(one, one, one, one, one, 1), ByTensorCores);
        Check(device.Session, new(2), new(type, [2, 16, 15, 14]), new(type, [64, 8, 3, 2]), Attributes.Of(two, one, none, one, two, 2), ByTensorCores);
        // Few tiles over a great depth, which groups share: the gradient of filters.
        Check(device.Session, new(3), new(type, [16, 8, 12, 12]), new(type, [32, 8, 12, 12]), Attributes.Of(one, one, one, one, one, 1), ByTensorCores);
        Check(device.Session, new(4), new(type, [3, 16, 30]), new(type, [33, 16, 1]), Attributes.Of(one[..1], none[..1], none[..1], one[..1], one[..1], 1), ByTensorCores);

        DeviceStep ByTensorCores(PrimitiveStep step, KernelProgram program)
        {
            TensorType Type(int id) => program.Buffers[id].Type;
            var sizes = WindowSizes.Of(new(step.Primitive, step.Attributes, Type(step.Inputs[0]).Shape, Type(step.Inputs[1]).Shape, Type(step.Outputs[0]).Shape, least: 3))!.Value;
            Assert.True(TensorCore.Fits(type, sizes));
            if (TensorCore.IsOn(device.Session.Accelerator))
                return type == DType.BFloat16 ? new MmaConvolutionStep<BFloat16Storage, BFloat16Mma>(device.Session, step, sizes) : new MmaConvolutionStep<Float16Storage, Float16Mma>(device.Session, step, sizes);
            return type == DType.BFloat16 ? new MmaConvolutionStep<BFloat16Storage, EmulatedMma<BFloat16Storage>>(device.Session, step, sizes)
                : new MmaConvolutionStep<Float16Storage, EmulatedMma<Float16Storage>>(device.Session, step, sizes);
        }
    }

    [Fact]
    public void The_kernels_become_PTX()
    {
        foreach (var architecture in Ptx.Architectures)
        {
            var texts = Ptx.Compile(
            [
                ((Delegate)MmaKernel.Run<ushort, BFloat16Mma, BFloat16Mma, HalfWindows, WindowPlaces>).Method,
                ((Delegate)MmaKernel.Run<float, PlainSums, Float16Mma, HalfWindows, MatrixPlaces>).Method,
            ], architecture);
            foreach (var text in texts) Assert.Equal(32, text.Split("mma.sync.aligned").Length - 1);
        }
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

    private static void Check(DeviceSession session, Random random, TensorType x, TensorType w, Attributes attributes, Func<PrimitiveStep, KernelProgram, DeviceStep>? call = null)
    {
        var tolerance = x.DType == DType.Float64 ? new Tolerance(1e-12, 1e-10) : x.DType == DType.Float32 ? new Tolerance(1e-5, 1e-3) : new Tolerance(2e-2, 0.2);
        StepRunner.Compare(session, Primitives.Convolution, attributes, [(x, Elements.Random(random, x, false)), (w, Elements.Random(random, w, false))], tolerance, call: call);
    }
}

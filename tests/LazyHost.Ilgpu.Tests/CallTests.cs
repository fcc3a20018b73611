using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

public sealed class CallTests
{
    public static TheoryData<DType> All => [.. DTypes.All];

    public static TheoryData<DType> Numbers => [.. DTypes.All.Where(type => type != DType.Bool)];

    private static bool IsSlow => TestDevice.Type == AcceleratorType.CPU;

    private static void SkipWhereSlow(DType type)
    {
        if (IsSlow && type is not (DType.Float32 or DType.BFloat16)) Assert.Skip("only a device is fast enough for every type");
    }

    [Trait("Tier", "full")]
    [Theory, MemberData(nameof(Numbers))]
    public void Folds_searches_and_sorts_along_an_axis_agree_with_the_reference(DType type)
    {
        SkipWhereSlow(type);
        using var device = new TestDevice();
        var random = new Random(4);
        foreach (var sizes in IsSlow ? (long[][])[[2, 5, 2]] : [[3, 5, 4], [2, 67, 1], [1, 700, 2], [3, 300, 1], [1, 1, 7], [0, 3, 2]])
        {
            var operand = new TensorType(type, Shape.Create(sizes));
            var input = (operand, Elements.Random(random, operand));
            foreach (var primitive in (Primitive[])[Primitives.ArgMax, Primitives.ArgMin]) StepRunner.Compare(device.Session, primitive, Attributes.Of(1), [input]);
            foreach (var flag in (bool[])[false, true])
            {
                foreach (var primitive in (Primitive[])[Primitives.CumSum, Primitives.CumMax, Primitives.CumMin]) StepRunner.Compare(device.Session, primitive, Attributes.Of(1, flag), [input], Loose(type));
                StepRunner.Compare(device.Session, Primitives.Sort, Attributes.Of(1, flag), [input]);
            }
        }
        var factors = new TensorType(type, [2, 9, 3]);
        StepRunner.Compare(device.Session, Primitives.CumProd, Attributes.Of(1, false), [(factors, Elements.Random(random, factors, hasSpecials: false, scale: 1.5))], Loose(type));
    }

    [Theory, InlineData(DType.Float32, 1, 5000, 1), InlineData(DType.BFloat16, 1, 4300, 1), InlineData(DType.Int32, 3, 9001, 2), InlineData(DType.Float64, 1, 70000, 1), InlineData(DType.UInt8, 2, 6144, 1)]
    public void Groups_share_few_long_lines_of_running_folds(DType type, long outer, long size, long inner)
    {
        if (IsSlow && size > 4300) Assert.Skip("only a device is fast enough for long lines");
        using var device = new TestDevice();
        var operand = new TensorType(type, [outer, size, inner]);
        var input = (operand, Elements.Random(new Random(5), operand, hasSpecials: false));
        foreach (var isReversed in IsSlow ? (bool[])[true] : [false, true])
            foreach (var primitive in (Primitive[])[Primitives.CumSum, Primitives.CumMax])
                StepRunner.Compare(device.Session, primitive, Attributes.Of(1, isReversed), [input], type switch
                {
                    // Both round, each in its own order: by how much depends on the sums, not on what they come to.
                    DType.Float32 => new(1e-5, 0.01),
                    DType.Float64 => new(1e-12, 1e-8),
                    DType.BFloat16 => new(2e-2, 4),
                    _ => Loose(type),
                });
    }

    [Theory, InlineData(DType.Float32, 5000), InlineData(DType.Float32, 1025), InlineData(DType.UInt8, 3001), InlineData(DType.Int64, 2048), InlineData(DType.Float16, 2500)]
    public void Long_lines_are_sorted_stably(DType type, long size)
    {
        if (IsSlow) Assert.Skip("only a device is fast enough for long lines");
        using var device = new TestDevice();
        foreach (var shape in (Shape[])[Shape.Create([size]), Shape.Create([2, size, 3])])
        {
            var operand = new TensorType(type, shape);
            foreach (var flag in (bool[])[false, true])
                StepRunner.Compare(device.Session, Primitives.Sort, Attributes.Of(shape.Rank == 1 ? 0 : 1, flag), [(operand, Elements.Random(new Random((int)size), operand))]);
        }
    }

    [Trait("Tier", "full")]
    [Theory, MemberData(nameof(All))]
    public void Gathers_and_scatters_agree_with_the_reference(DType type)
    {
        SkipWhereSlow(type);
        using var device = new TestDevice();
        long[] sizes = IsSlow ? [2, 4, 2] : [3, 11, 4];
        var operand = new TensorType(type, Shape.Create(sizes));
        foreach (var indexType in IsSlow ? (DType[])[DType.Int64] : [DType.Int32, DType.Int64])
            for (var axis = IsSlow ? 1 : 0; axis < (IsSlow ? 2 : 3); axis++)
                // Few indices and many of them take different ways.
                foreach (var count in IsSlow ? (long[])[5, 34] : [7, 0, 1, 45, 1100])
                {
                    var random = new Random(axis + (int)count);
                    var some = new TensorType(indexType, [count]);
                    var each = new TensorType(indexType, Shape.Create(sizes.Select((size, i) => i == axis ? count : size).ToArray()));
                    foreach (var (isEach, indices) in ((bool, TensorType)[])[(false, some), (true, each)])
                    {
                        var chosen = new byte[indices.ByteSize];
                        for (long i = 0; i < indices.Shape.ElementCount; i++) Elements.Put(chosen, indexType, i, random.Next(-2, (int)sizes[axis] + 2));
                        var x = (operand, Elements.Random(random, operand, false));
                        StepRunner.Compare(device.Session, isEach ? Primitives.GatherElements : Primitives.Gather, Attributes.Of(axis), [x, (indices, chosen)]);
                        var updates = new TensorType(type, isEach ? indices.Shape : Shape.Create(sizes.Select((size, i) => i == axis ? count : size).ToArray()));
                        for (var mode = 0; mode < 2; mode++)
                            StepRunner.Compare(device.Session, isEach ? Primitives.ScatterElements : Primitives.Scatter, Attributes.Of(axis, mode), [x, (indices, chosen), (updates, Elements.Random(random, updates, false))], Loose(type));
                    }
                }
    }

    [Theory, MemberData(nameof(All))]
    public void Padding_agrees_with_the_reference(DType type)
    {
        SkipWhereSlow(type);
        using var device = new TestDevice();
        foreach (var (sizes, low, high, interior) in ((long[], long[], long[], long[])[])
            [([3, 4, 5], [1, 0, -2], [0, 0, 3], [0, 0, 2]), ([2, 3], [-1, 2], [2, -1], [3, 0]), ([2, 2, 2, 2, 2], [1, 0, 1, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1]), ([0, 2], [2, 0], [0, 1], [1, 1]), ([4], [0], [-4], [0])])
        {
            TensorType operand = new(type, Shape.Create(sizes)), fill = new(type, Shape.Scalar);
            StepRunner.Compare(device.Session, Primitives.Pad, Attributes.Of(low, high, interior), [(operand, Elements.Random(new Random(1), operand)), (fill, Elements.Random(new Random(2), fill))]);
        }
    }

    [Theory, MemberData(nameof(Numbers))]
    public void Windows_agree_with_the_reference(DType type)
    {
        SkipWhereSlow(type);
        using var device = new TestDevice();
        var operand = new TensorType(type, IsSlow ? [2, 4, 5] : [3, 2, 9, 8]);
        long[][] rows = IsSlow ? [[1, 3, 2], [1, 2, 1], [0, 1, 0], [0, 2, 1]] : [[1, 1, 3, 2], [1, 1, 2, 1], [0, 0, 1, 0], [0, 0, 2, 1]];
        var input = (operand, Elements.Random(new Random(3), operand));
        for (var kind = 0; kind < 3; kind++)
        {
            StepRunner.Compare(device.Session, Primitives.ReduceWindow, Attributes.Of(kind, rows[0], rows[1], rows[2], rows[3]), [input], Loose(type));
            if (!IsSlow) StepRunner.Compare(device.Session, Primitives.ReduceWindow, Attributes.Of(kind, new long[] { 2, 2, 3, 4 }, new long[] { 2, 1, 3, 1 }, new long[] { 1, 2, 0, 0 }, new long[] { 0, 0, 4, 1 }), [input], Loose(type));
        }
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16)]
    public void Gradients_of_pooling_agree_with_the_reference(DType type)
    {
        SkipWhereSlow(type);
        using var device = new TestDevice();
        var operand = new TensorType(type, IsSlow ? [1, 2, 4, 5] : [2, 3, 11, 12]);
        foreach (var (window, stride, low) in ((long, long, long)[])[(2, 2, 0), (3, 1, 1), (3, 2, 1), (1, 3, 0)])
        {
            var source = new TensorType(type, [operand.Shape[0], operand.Shape[1], ((operand.Shape[2] + (2 * low) - window) / stride) + 1, ((operand.Shape[3] + (2 * low) - window) / stride) + 1]);
            StepRunner.Compare(device.Session, Primitives.SelectAndScatter, Attributes.Of(new[] { 1, 1, window, window }, new[] { 1, 1, stride, stride }, new[] { 0, 0, low, low }, new[] { 0, 0, low, low }),
                [(operand, Elements.Random(new Random(5), operand)), (source, Elements.Random(new Random(6), source, false))], Loose(type));
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(4), InlineData(4099)]
    public void Random_bits_are_those_of_the_reference(long count)
    {
        if (IsSlow && count > 10) Assert.Skip("only a device is fast enough for many");
        using var device = new TestDevice();
        var word = new TensorType(DType.UInt64, Shape.Scalar);
        StepRunner.Compare(device.Session, Primitives.RandomBits, Attributes.Of(new[] { count }), [(word, BitConverter.GetBytes(0x0123_4567_89AB_CDEFul)), (word, BitConverter.GetBytes(0xFEDC_BA98_7654_3210ul))]);
    }

    [Fact]
    public void Shapes_that_kernels_do_not_take_are_refused_by_name()
    {
        using var device = new TestDevice();
        TensorType from = new(DType.Float32, [2, 2, 2, 2, 2, 2, 2]), fill = new(DType.Float32, Shape.Scalar), to = new(DType.Float32, [3, 3, 3, 3, 3, 3, 3]);
        long[] ones = [1, 1, 1, 1, 1, 1, 1], zeros = [0, 0, 0, 0, 0, 0, 0];
        ProgramBuffer[] buffers = [new(0, BufferKind.Input, 0, from, 0, default), new(1, BufferKind.Input, 1, fill, 0, default), new(2, BufferKind.Output, 0, to, 0, default)];
        var error = Assert.Throws<UnsupportedOperatorException>(() => new CallCompiler(device.Session).Compile(new(Primitives.Pad, Attributes.Of(ones, zeros, zeros), [0, 1], [2], 1), buffers));
        Assert.Contains("pad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kernel_becomes_PTX()
    {
        if (!IsSlow) Assert.Skip("no device plays a part; runs without one");
        using var device = new TestDevice();
        var compiler = new CallCompiler(device.Session);
        foreach (var type in DTypes.All)
        {
            TensorType x = new(type, [2, 3, 70]), few = new(type, [2, 70, 3]), indices = new(DType.Int32, [40]), wide = new(DType.Int64, [2]), each = new(DType.Int64, [2, 3, 40]), fill = new(type, Shape.Scalar), word = new(DType.UInt64, Shape.Scalar);
            long[] ones = [1, 1, 1], zeros = [0, 0, 0];
            Make(Primitives.Pad, Attributes.Of(ones, ones, ones), x, fill);
            Make(Primitives.RandomBits, Attributes.Of(new long[] { 9 }), word, word);
            Make(Primitives.Gather, Attributes.Of(2), x, indices);
            Make(Primitives.Gather, Attributes.Of(2), x, wide);
            Make(Primitives.GatherElements, Attributes.Of(2), x, each);
            Make(Primitives.ScatterElements, Attributes.Of(2, 1), x, each, x.With(each.Shape));
            Make(Primitives.Scatter, Attributes.Of(2, 0), x, indices, x.With(Shape.Create([2, 3, 40])));
            Make(Primitives.Scatter, Attributes.Of(2, 0), x, wide, x.With(Shape.Create([2, 3, 2])));
            if (type == DType.Bool) continue;
            foreach (var operand in (TensorType[])[x, few])
                foreach (var primitive in (Primitive[])[Primitives.ArgMax, Primitives.CumSum, Primitives.CumProd, Primitives.CumMax, Primitives.CumMin, Primitives.Sort])
                    Make(primitive, primitive == Primitives.ArgMax ? Attributes.Of(2) : Attributes.Of(2, false), operand);
            Make(Primitives.Sort, Attributes.Of(0, false), new TensorType(type, [1025]));
            Make(Primitives.CumSum, Attributes.Of(0, false), new TensorType(type, [5000]));
            for (var kind = 0; kind < 3; kind++) Make(Primitives.ReduceWindow, Attributes.Of(kind, ones, ones, zeros, zeros), x);
            if (!type.IsFloat()) continue;
            Make(Primitives.SelectAndScatter, Attributes.Of(ones, ones, zeros, zeros), x, x);
            foreach (var filters in (long[])[3, 30]) Make(Primitives.Convolution, Attributes.Of(ones[..1], zeros[..1], zeros[..1], ones[..1], ones[..1], 1), x, new(type, [filters, 3, 3]));
        }
        Assert.NotEmpty(device.Session.Kernels.Methods);
        foreach (var kernel in device.Session.Kernels.Methods)
            foreach (var architecture in Ptx.Architectures) Assert.Contains(".entry", Ptx.Compile(kernel, architecture), StringComparison.Ordinal);

        void Make(Primitive primitive, Attributes attributes, params TensorType[] operands)
        {
            var builder = new GraphBuilder();
            var node = builder.Emit(primitive, [.. operands.Select(operand => builder.Parameter(operand))], attributes);
            ProgramBuffer[] buffers = [.. operands.Select((operand, i) => new ProgramBuffer(i, BufferKind.Input, i, operand, 0, default)),
                .. Enumerable.Range(0, primitive.OutputCount).Select(i => new ProgramBuffer(operands.Length + i, BufferKind.Output, i, builder.TypeOf(node with { Output = i }), 0, default))];
            compiler.Compile(new(primitive, attributes, [.. Enumerable.Range(0, operands.Length)], [.. Enumerable.Range(operands.Length, primitive.OutputCount)], 1), buffers);
        }
    }

    private static Tolerance Loose(DType type) => type.IsFloat() ? new Tolerance(Tolerance.Default(type).Relative * 8, Tolerance.Default(type).Absolute * 64) : Tolerance.Exact;
}

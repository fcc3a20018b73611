using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class ReductionTests
{
    private static readonly (long[] Shape, long[] Axes)[] Cases =
    [
        ([100], [0]), ([1], [0]), ([0], [0]), ([7, 50], [1]), ([50, 70], [0]), ([33, 70], [0, 1]), ([5, 6, 37], [1]), ([5, 6, 37], [0, 2]), ([4, 5, 3, 40], [0, 2]), ([3, 0, 4], [1]),
        ([2, 40, 100], [1]), ([70000], [0]), ([3, 40000], [1]), ([20000, 5], [0]),
    ];

    public static TheoryData<string, DType> Primitive
    {
        get
        {
            var data = new TheoryData<string, DType>();
            foreach (var primitive in Primitives.All)
                if (primitive.Kind is >= PrimitiveKind.ReduceSum and <= PrimitiveKind.ReduceOr)
                    foreach (var type in primitive.DTypes) data.Add(primitive.Name, type);
            return data;
        }
    }

    [Theory, MemberData(nameof(Primitive))]
    public async Task EveryReductionAgreesWithTheReference(string name, DType type)
    {
        var primitive = Primitives.All.First(p => p.Name == name);
        var random = new Random(5);
        foreach (var width in (int[])[512, 0])
        {
            await using var simd = new SimdBackend(new(2, width));
            foreach (var (shape, axes) in Cases)
            {
                var builder = new GraphBuilder();
                var operand = new TensorType(type, Shape.Create(shape));
                builder.AddRoot(builder.Emit(primitive, [builder.Parameter(operand)], Attributes.Of(axes)));
                // Products of many numbers only stay in range near 1; sums in 16 bits are held to what their inputs resolve.
                var isProduct = primitive.Kind == PrimitiveKind.ReduceProd && type.IsFloat();
                var input = Elements.Random(random, operand, hasSpecials: !isProduct && primitive.Kind != PrimitiveKind.ReduceSum);
                if (isProduct) for (long i = 0; i < operand.Shape.ElementCount; i++) Elements.Put(input, type, i, random.Next(2) == 0 ? 1 : -1);
                Runner.Compare(simd, builder.Build(), [input], type.IsFloat() ? new Tolerance(type == DType.Float64 ? 1e-12 : type == DType.Float32 ? 1e-4 : 2e-2, type == DType.Float64 ? 1e-9 : type == DType.Float32 ? 1e-2 : 1) : Tolerance.Exact);
            }
        }
    }

    [Theory, InlineData(1), InlineData(0)]
    public async Task ReducedRowsFeedTheRestOfTheirRow(int axis)
    {
        await using var simd = new SimdBackend(new(2));
        foreach (var sizes in (long[][])[[9, 45], [64, 1000], [3, 7], [300, 33]])
        {
            var shape = Shape.Create(sizes);
            var builder = new GraphBuilder();
            var x = builder.Parameter(new(DType.Float32, shape));
            long[] kept = [1 - axis];
            Value Spread(Value v) => builder.Emit(Primitives.Broadcast, [v], Attributes.Of(shape, kept));
            var top = builder.Emit(Primitives.ReduceMax, [x], Attributes.Of(new long[] { axis }));
            var e = builder.Emit(Primitives.Exp, [builder.Emit(Primitives.Sub, [x, Spread(top)])]);
            var sum = builder.Emit(Primitives.ReduceSum, [e], Attributes.Of(new long[] { axis }));
            builder.AddRoot(builder.Emit(Primitives.Div, [e, Spread(sum)]));
            builder.AddRoot(sum);
            Runner.Compare(simd, builder.Build(), [Elements.Random(new Random(3), new(DType.Float32, shape), hasSpecials: false)], new Tolerance(1e-5, 1e-6));
        }
    }

    [Fact]
    public async Task BitsDoNotDependOnThreadsOrWidth()
    {
        var type = new TensorType(DType.Float32, [5, 30000]);
        var input = Elements.Random(new Random(1), type, hasSpecials: false);
        foreach (var axes in (long[][])[[1], [0], [0, 1]])
        {
            var builder = new GraphBuilder();
            builder.AddRoot(builder.Emit(Primitives.ReduceSum, [builder.Parameter(type)], Attributes.Of(axes)));
            byte[]? first = null;
            foreach (var (threads, width) in ((int, int)[])[(1, 512), (2, 512), (5, 512), (2, 256), (2, 128), (3, 0)])
            {
                await using var simd = new SimdBackend(new(threads, width));
                var result = Runner.Run(simd, builder.Build(), [input])[0];
                Assert.Equal(first ??= result, result);
            }
        }
    }
}

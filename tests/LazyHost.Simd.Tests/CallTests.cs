using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class CallTests
{
    private static readonly long[] Sizes = [4, 21, 6];

    public static TheoryData<DType> Numbers => [.. DTypes.All.Where(t => t != DType.Bool)];

    public static TheoryData<DType> All => [.. DTypes.All];

    [Theory, MemberData(nameof(Numbers))]
    public async Task CallsAlongAnAxisAgreeWithTheReference(DType type)
    {
        await using var simd = new SimdBackend(new(2));
        var operand = new TensorType(type, Shape.Create(Sizes));
        var input = Elements.Random(new Random(4), operand);
        for (long axis = 0; axis < 3; axis++)
        {
            foreach (var primitive in (Primitive[])[Primitives.ArgMax, Primitives.ArgMin]) Check(primitive, Attributes.Of(axis));
            foreach (var flag in (bool[])[false, true])
            {
                foreach (var primitive in (Primitive[])[Primitives.CumSum, Primitives.CumProd, Primitives.CumMax, Primitives.CumMin]) Check(primitive, Attributes.Of(axis, flag));
                Check(Primitives.Sort, Attributes.Of(axis, flag), outputs: 2);
            }
        }
        for (var kind = 0; kind < 3; kind++)
        {
            Check(Primitives.ReduceWindow, Attributes.Of(kind, new long[] { 1, 3, 2 }, new long[] { 1, 2, 1 }, new long[] { 0, 1, 0 }, new long[] { 0, 2, 1 }));
            Check(Primitives.ReduceWindow, Attributes.Of(kind, new long[] { 2, 3, 2 }, new long[] { 2, 3, 1 }, new long[] { 1, 0, 0 }, new long[] { 0, 0, 1 }));
        }

        void Check(Primitive primitive, Attributes attributes, int outputs = 1)
        {
            var builder = new GraphBuilder();
            var node = builder.Emit(primitive, [builder.Parameter(operand)], attributes);
            for (var i = 0; i < outputs; i++) builder.AddRoot(node with { Output = i });
            Runner.Compare(simd, builder.Build(), [input], new Tolerance(Tolerance.Default(type).Relative * 8, Tolerance.Default(type).Absolute * 64));
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task GathersAndScattersAgreeWithTheReference(DType type)
    {
        await using var simd = new SimdBackend(new(2));
        var operand = new TensorType(type, Shape.Create(Sizes));
        foreach (var indexType in (DType[])[DType.Int32, DType.Int64])
            for (var axis = 0; axis < 3; axis++)
            {
                var random = new Random(axis);
                var some = new TensorType(indexType, [3, 4]);
                var each = new TensorType(indexType, Shape.Create(Sizes.Select((s, i) => i == axis ? 9 : s).ToArray()));
                foreach (var (isEach, indices) in ((bool, TensorType)[])[(false, some), (true, each)])
                {
                    var chosen = Elements.Random(random, indices, hasSpecials: false, scale: 0);
                    for (long i = 0; i < indices.Shape.ElementCount; i++) Elements.Put(chosen, indexType, i, random.Next(-2, (int)Sizes[axis] + 2));
                    var builder = new GraphBuilder();
                    Value x = builder.Parameter(operand), at = builder.Parameter(indices);
                    var gathered = builder.Emit(isEach ? Primitives.GatherElements : Primitives.Gather, [x, at], Attributes.Of(axis));
                    var update = builder.Parameter(builder.TypeOf(gathered));
                    builder.AddRoot(gathered);
                    for (var mode = 0; mode < 2; mode++) builder.AddRoot(builder.Emit(isEach ? Primitives.ScatterElements : Primitives.Scatter, [x, at, update], Attributes.Of(axis, mode)));
                    Runner.Compare(simd, builder.Build(), [Elements.Random(random, operand, false), chosen, Elements.Random(random, builder.TypeOf(gathered), false)], Tolerance.Default(type).Times(8));
                }
            }
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16)]
    public async Task SelectAndScatterAgreesWithTheReference(DType type)
    {
        await using var simd = new SimdBackend(new(2));
        var operand = new TensorType(type, [2, 3, 11, 12]);
        foreach (var (window, stride, low) in ((long, long, long)[])[(2, 2, 0), (3, 1, 1), (3, 2, 1), (1, 3, 0)])
        {
            var attributes = Attributes.Of(new[] { 1, 1, window, window }, new[] { 1, 1, stride, stride }, new[] { 0, 0, low, low }, new[] { 0, 0, low, low });
            var places = ((11 + (2 * low) - window) / stride) + 1;
            var source = new TensorType(type, [2, 3, places, ((12 + (2 * low) - window) / stride) + 1]);
            var builder = new GraphBuilder();
            builder.AddRoot(builder.Emit(Primitives.SelectAndScatter, [builder.Parameter(operand), builder.Parameter(source)], attributes));
            var random = new Random(6);
            Runner.Compare(simd, builder.Build(), [Elements.Random(random, operand), Elements.Random(random, source, false)], Tolerance.Default(type).Times(8));
        }
    }

    [Theory, InlineData(1), InlineData(3), InlineData(4), InlineData(16383), InlineData(16385), InlineData(40001)]
    public async Task RandomBitsAreThoseOfTheReference(long count)
    {
        await using var simd = new SimdBackend(new(2));
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.RandomBits, [builder.Scalar(DType.UInt64), builder.Scalar(DType.UInt64)], Attributes.Of(new[] { count })));
        Runner.Compare(simd, builder.Build(), [], Tolerance.Exact, [0x123456789ABCDEF0, 77]);
    }
}

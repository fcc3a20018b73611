using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class ShapeTests
{
    [Theory, InlineData(DType.Float32), InlineData(DType.Bool), InlineData(DType.Float64), InlineData(DType.BFloat16), InlineData(DType.Int8)]
    public async Task ChainsOfShapeOperationsAgreeWithTheReference(DType type)
    {
        foreach (var width in (int[])[512, 256, 0])
        {
            await using var simd = new SimdBackend(new(2, width));
            for (var seed = 0; seed < 60; seed++)
            {
                var random = new Random(seed);
                var builder = new GraphBuilder();
                var operand = new TensorType(type, [random.Next(1, 9), random.Next(1, 40), random.Next(1, 30)]);
                var value = builder.Parameter(operand);
                for (var i = 0; i < 4; i++) value = Step(builder, random, value);
                builder.AddRoot(value);
                Runner.Compare(simd, builder.Build(), [Elements.Random(random, operand)], Tolerance.Exact);
            }
        }
    }

    [Fact]
    public async Task IotaAgreesWithTheReferenceInEveryTypeAndAxis()
    {
        await using var simd = new SimdBackend(new(2));
        foreach (var type in DTypes.All.Where(t => t != DType.Bool))
            foreach (var axis in (long[])[0, 1])
            {
                var builder = new GraphBuilder();
                var iota = builder.Emit(Primitives.Iota, [], Attributes.Of(type, new long[] { 19, 45 }, axis));
                builder.AddRoot(builder.Emit(Primitives.Add, [iota, builder.Parameter(new(type, [19, 45]))]));
                Runner.Compare(simd, builder.Build(), [Elements.Random(new Random(2), new(type, [19, 45]), hasSpecials: false)], Tolerance.Default(type));
            }
    }

    [Fact]
    public async Task WhatIsComputedFromASingleElementStopsWhereItsPaddingBegins()
    {
        await using var simd = new SimdBackend(new(1));
        foreach (var size in (long[])[3, 40])
        {
            var builder = new GraphBuilder();
            var x = builder.Parameter(new(DType.Float32, [size]));
            var one = builder.Emit(Primitives.Abs, [builder.Emit(Primitives.Slice, [x], Attributes.Of(new[] { 1L }, new[] { 2L }, new[] { 1L }))]);
            var fill = builder.Emit(Primitives.Constant, [], Attributes.Of(DType.Float32, Array.Empty<long>(), new[] { BitConverter.DoubleToInt64Bits(1) }));
            builder.AddRoot(builder.Emit(Primitives.Mul, [builder.Emit(Primitives.Pad, [one, fill], Attributes.Of(new[] { 1L }, new[] { size - 2 }, new[] { 0L })), x]));
            Runner.Compare(simd, builder.Build(), [Elements.Random(new Random(3), new(DType.Float32, [size]), hasSpecials: false)], Tolerance.Exact);
        }
    }

    private static Value Step(GraphBuilder builder, Random random, Value x)
    {
        var shape = builder.TypeOf(x).Shape;
        var rank = shape.Rank;
        long[] Each(Func<int, long> f) => [.. Enumerable.Range(0, rank).Select(f)];
        switch (random.Next(6))
        {
            case 0:
                return builder.Emit(Primitives.Permute, [x], Attributes.Of(Each(i => i).OrderBy(_ => random.Next()).ToArray()));
            case 1:
                return builder.Emit(Primitives.Reverse, [x], Attributes.Of(new long[] { random.Next(rank) }));
            case 2:
                var starts = Each(i => random.Next((int)shape[i]));
                return builder.Emit(Primitives.Slice, [x], Attributes.Of(starts, Each(i => starts[i] + 1 + random.Next((int)(shape[i] - starts[i]))), Each(_ => random.Next(1, 3))));
            case 3:
                var fill = builder.Emit(Primitives.Constant, [], Attributes.Of(builder.TypeOf(x).DType, Array.Empty<long>(), new long[] { builder.TypeOf(x).DType.IsFloat() ? BitConverter.DoubleToInt64Bits(1) : 1 }));
                var interior = random.Next(3) == 0 ? 1 : 0;
                return builder.Emit(Primitives.Pad, [x, fill], Attributes.Of(Each(i => random.Next(shape[i] > 3 ? -1 : 0, 4)), Each(i => random.Next(shape[i] > 3 ? -1 : 0, 4)), Each(_ => interior)));
            case 4:
                return builder.Emit(Primitives.Concat, [x, builder.Emit(Primitives.Reverse, [x], Attributes.Of(new long[] { 0 }))], Attributes.Of(random.Next(rank)));
            default:
                return builder.Emit(Primitives.Reshape, [x], Attributes.Of(new long[] { shape[1], shape[0], shape[2] }));
        }
    }
}

using LazyHost.Backends;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class LongKernelTests
{
    [Theory, InlineData(100), InlineData(900), InlineData(2500)]
    public async Task LongChainsAreCutWithoutChangingTheirBits(int length)
    {
        var type = new TensorType(DType.Float32, [3, 701]);
        var random = new Random(length);
        var builder = new GraphBuilder();
        var values = new List<Value> { builder.Parameter(type), builder.Parameter(type), builder.Scalar(DType.Float32) };
        values[2] = builder.Emit(Primitives.Broadcast, [values[2]], Attributes.Of(type.Shape, Array.Empty<long>()));
        for (var i = 0; i < length; i++)
        {
            // Mostly the newest value, sometimes an old one, so that values live across the cuts.
            Value Pick() => values[random.Next(3) == 0 ? random.Next(values.Count) : values.Count - 1];
            values.Add(random.Next(6) switch
            {
                0 => builder.Emit(Primitives.Min, [Pick(), Pick()]),
                1 => builder.Emit(Primitives.Tanh, [Pick()]),
                2 => builder.Emit(Primitives.Select, [builder.Emit(Primitives.Lt, [Pick(), Pick()]), Pick(), Pick()]),
                3 => builder.Emit(Primitives.Mul, [Pick(), Pick()]),
                4 => builder.Emit(Primitives.Sub, [Pick(), Pick()]),
                _ => builder.Emit(Primitives.Add, [Pick(), Pick()]),
            });
        }
        builder.AddRoot(values[^1]);
        builder.AddRoot(values[length / 2]);
        var graph = builder.Build();
        byte[][] inputs = [Elements.Random(random, type, false), Elements.Random(random, type, false)];
        await using var wide = new SimdBackend(new(2));
        await using var scalar = new SimdBackend(new(1, 0));
        long[] scalars = [BitConverter.DoubleToInt64Bits(0.5)];
        var whole = Runner.Run(wide, graph, inputs, scalars);
        var apart = Runner.Run(scalar, graph, inputs, scalars, CompilationOptions.Default with { Fusion = false });
        for (var i = 0; i < whole.Length; i++) Assert.Equal(Elements.Hash(type, apart[i]), Elements.Hash(type, whole[i]));
    }
}

using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

public sealed class WorkerPoolTests
{
    [Fact]
    public async Task ManySmallParallelStepsInARowAllComplete()
    {
        await using var simd = new SimdBackend(new(4));
        var type = new TensorType(DType.Float32, [300, 3000]);
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.ReduceSum, [builder.Emit(Primitives.Exp, [builder.Parameter(type)])], Attributes.Of(new long[] { 1 })));
        var graph = builder.Build();
        var input = Elements.Random(new Random(1), type, false);
        byte[]? first = null;
        for (var i = 0; i < 50; i++) Assert.Equal(first ??= Runner.Run(simd, graph, [input])[0], Runner.Run(simd, graph, [input])[0]);
    }
}

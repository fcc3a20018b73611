using LazyHost.Backends;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Simd.Tests;

/// <summary>Programs of other sizes use the code that earlier ones have left, and give the bits of code of their own.</summary>
public sealed class KernelSharingTests
{
    private const int Width = 24;

    private static readonly SimdBackend Decomposed = new(new(1));

    /// <summary>A layer with everything that depends on the batch: products, normalization, a mean over the batch, a softmax, a transposition.</summary>
    private static Graph Layer(long batch)
    {
        var builder = new GraphBuilder();
        var x = builder.Parameter(new(DType.Float32, Shape.Create([batch, Width])));
        var w = builder.Parameter(new(DType.Float32, Shape.Create([Width, Width])));
        var scale = builder.Scalar(DType.Float32);
        var h = builder.Emit(Relu.Form, [builder.Emit(MatMul.Form, [x, w])]);
        h = builder.Emit(Mul.Form, [h, scale]);
        var s = builder.Emit(Softmax.Form, [h], Attributes.Of(1L));
        builder.AddRoot(s);
        builder.AddRoot(builder.Emit(Mean.Form, [builder.Emit(Add.Form, [s, x])], Mean.Encode([0], false)));
        builder.AddRoot(builder.Emit(Mean.Form, [builder.Emit(Mul.Form, [h, h])], Mean.Encode([0, 1], false)));
        return GraphDecomposer.Decompose(builder.Build(), Decomposed.Query);
    }

    private static IExecutable Compile(SimdBackend backend, Graph graph) =>
        backend.CompileAsync(new("test", new("simd", 0), graph, CompilationOptions.Default, NullLogger.Instance), default).AsTask().Result;

    private static byte[][] Inputs(long batch)
    {
        var random = new Random((int)batch);
        return [Bytes(batch * Width), Bytes(Width * Width)];

        byte[] Bytes(long count) => [.. Enumerable.Range(0, (int)count).SelectMany(_ => BitConverter.GetBytes((float)((random.NextDouble() * 4) - 2)))];
    }

    [Fact]
    public async Task FromTheThirdSizeOnNoCodeIsMade()
    {
        await using var backend = new SimdBackend(new());
        var made = new List<int>();
        foreach (var batch in new long[] { 8, 12, 20, 33, 7, 40, 64, 19 })
        {
            var graph = Layer(batch);
            using var executable = Compile(backend, graph);
            made.Add(executable.NewKernelCount);
            await using var fresh = new SimdBackend(new());
            var expected = Runner.Run(fresh, graph, Inputs(batch), [BitConverter.DoubleToInt64Bits(0.5)]);
            Assert.Equal(expected, Runner.Run(backend, executable, [.. graph.Roots.ToArray().Select(graph.TypeOf)], Inputs(batch), [BitConverter.DoubleToInt64Bits(0.5)]));
        }
        Assert.True(made[0] > 0 && made[1] > 0, string.Join(", ", made));
        Assert.All(made[2..], count => Assert.Equal(0, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnyRowOfSizesGivesTheBitsOfCodeOfTheirOwn(int seed)
    {
        var random = new Random(seed);
        await using var backend = new SimdBackend(new());
        for (var i = 0; i < 12; i++)
        {
            var batch = random.Next(4) == 0 ? random.Next(3) : random.Next(1, 3000);
            var graph = Layer(batch);
            await using var fresh = new SimdBackend(new());
            Assert.Equal(Runner.Run(fresh, graph, Inputs(batch), [BitConverter.DoubleToInt64Bits(2)]), Runner.Run(backend, graph, Inputs(batch), [BitConverter.DoubleToInt64Bits(2)]));
        }
    }

    [Fact]
    public async Task WhereSizesAreKnownToVaryTheFirstProgramServesAll()
    {
        await using var backend = new SimdBackend(new(AnySize: true));
        using var first = Compile(backend, Layer(8));
        using var second = Compile(backend, Layer(20));
        Assert.True(first.NewKernelCount > 0);
        Assert.Equal(0, second.NewKernelCount);
    }

    [Fact]
    public async Task EqualProgramsNeedNoCodeTwice()
    {
        await using var backend = new SimdBackend(new());
        using var first = Compile(backend, Layer(16));
        using var second = Compile(backend, Layer(16));
        Assert.InRange(first.NewKernelCount, 1, first.KernelCount);
        Assert.Equal(0, second.NewKernelCount);
    }
}

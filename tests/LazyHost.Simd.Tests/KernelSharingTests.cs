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

    private static IExecutable Compile(SimdBackend backend, Graph graph, bool anySize = false) =>
        backend.CompileAsync(new("test", new("simd", 0), graph, CompilationOptions.Default with { AnySize = anySize }, NullLogger.Instance), default).AsTask().Result;

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
    public async Task AProgramThatIsToServeAnySizeHasCodeForAllMadeAtOnceWhateverWasThere()
    {
        await using var backend = new SimdBackend(new());
        using var own = Compile(backend, Layer(8));
        using var first = Compile(backend, Layer(8), anySize: true);
        using var second = Compile(backend, Layer(20), anySize: true);
        using var plain = Compile(backend, Layer(33));
        Assert.True(own.NewKernelCount > 0 && first.NewKernelCount > 0);
        Assert.Equal((0, 0), (second.NewKernelCount, plain.NewKernelCount));
        await using var fresh = new SimdBackend(new());
        var graph = Layer(20);
        Assert.Equal(Runner.Run(fresh, graph, Inputs(20), [0]), Runner.Run(backend, second, [.. graph.Roots.ToArray().Select(graph.TypeOf)], Inputs(20), [0]));
    }

    [Fact]
    public async Task WhatIsOnlyPutTogetherMakesNoCodeAndLeavesNothingWhereItCannotBe()
    {
        await using var backend = new SimdBackend(new());
        Assert.Null(Assemble(8));
        Assert.Null(Assemble(12));
        using var first = Compile(backend, Layer(8));
        Assert.Null(Assemble(12));
        using var second = Compile(backend, Layer(12));
        Assert.True(first.NewKernelCount > 0 && second.NewKernelCount > 0);
        var graph = Layer(20);
        using var third = Assemble(20)!;
        Assert.Equal(0, third.NewKernelCount);
        await using var fresh = new SimdBackend(new());
        Assert.Equal(Runner.Run(fresh, graph, Inputs(20), [0]), Runner.Run(backend, third, [.. graph.Roots.ToArray().Select(graph.TypeOf)], Inputs(20), [0]));

        IExecutable? Assemble(long batch) => backend.AssembleAsync(new("test", new("simd", 0), Layer(batch), CompilationOptions.Default, NullLogger.Instance), default).AsTask().Result;
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

    [Theory, InlineData(DType.Float32), InlineData(DType.Bool), InlineData(DType.Float64), InlineData(DType.BFloat16), InlineData(DType.Float16), InlineData(DType.Int8), InlineData(DType.Int64),
     InlineData(DType.UInt32), InlineData(DType.UInt64)]
    public async Task ChainsOfOneStructureGiveTheBitsOfCodeOfTheirOwnInAnySize(DType type)
    {
        foreach (var settings in (SimdSettings[])[new(1), new(1, 256, true), new(1, 0)])
        {
            await using var shared = new SimdBackend(settings);
            for (var structure = 0; structure < 4; structure++)
                for (var seed = 0; seed < 4; seed++)
                {
                    var numbers = new Random((structure * 100) + seed);
                    var (graph, operands) = Chain(type, new Random(structure), numbers);
                    byte[][] inputs = [.. operands.Select(operand => Elements.Random(numbers, operand, hasSpecials: false))];
                    long[] scalars = type.IsFloat() ? [BitConverter.DoubleToInt64Bits(numbers.Next(9))] : [numbers.Next(2)];
                    await using var fresh = new SimdBackend(settings with { AnySize = false });
                    Assert.Equal(Runner.Run(fresh, graph, inputs, scalars), Runner.Run(shared, graph, inputs, scalars));
                    // Fused halves are rounded once, those of the reference after each operator: differences of near values are other numbers.
                    if (type is not (DType.Float16 or DType.BFloat16)) Runner.Compare(shared, graph, inputs, scalars: scalars);
                }
        }
    }

    /// <summary>A chain whose operators are drawn from one source, and the numbers in them from another.</summary>
    private static (Graph Graph, TensorType[] Operands) Chain(DType type, Random structure, Random numbers)
    {
        var builder = new GraphBuilder();
        var operand = new TensorType(type, Shape.Create([.. Enumerable.Range(0, 3).Select(_ => (long)(numbers.Next(12) == 0 ? numbers.Next(2) : numbers.Next(2, 40)))]));
        var x = builder.Parameter(operand);
        var scalar = builder.Scalar(type);
        for (var i = 0; i < 5; i++) x = Step(x);
        builder.AddRoot(x);
        if (type.IsFloat()) builder.AddRoot(builder.Emit(Sum.Form, [builder.Emit(Abs.Form, [x])], Sum.Encode([structure.Next(3)], false)));
        return (GraphDecomposer.Decompose(builder.Build(), Decomposed.Query), [operand]);

        Value Step(Value v)
        {
            var shape = builder.TypeOf(v).Shape;
            long[] Each(Func<int, long> f) => [.. Enumerable.Range(0, 3).Select(f)];
            switch (structure.Next(8))
            {
                case 0: return builder.Emit(Primitives.Permute, [v], Attributes.Of(Each(i => i).OrderBy(_ => structure.Next()).ToArray()));
                case 1: return builder.Emit(Primitives.Reverse, [v], Attributes.Of(new long[] { structure.Next(3) }));
                case 2:
                    var starts = Each(i => numbers.Next((int)shape[i] + 1));
                    return builder.Emit(Primitives.Slice, [v], Attributes.Of(starts, Each(i => Math.Min(shape[i], starts[i] + 1 + numbers.Next((int)shape[i] + 1))), Each(_ => numbers.Next(1, 4))));
                case 3:
                    return builder.Emit(Primitives.Pad, [v, Constant()], Attributes.Of(Each(i => numbers.Next(shape[i] > 3 ? -1 : 0, 4)), Each(i => numbers.Next(shape[i] > 3 ? -1 : 0, 4)), Each(_ => numbers.Next(5) == 0 ? 1 : 0)));
                case 4: return builder.Emit(Primitives.Concat, [v, builder.Emit(Primitives.Reverse, [v], Attributes.Of(new long[] { 0 }))], Attributes.Of((long)structure.Next(3)));
                case 5: return builder.Emit(Primitives.Reshape, [v], Attributes.Of(new long[] { shape[1], shape[0], shape[2] }));
                case 6 when type != DType.Bool: return builder.Emit(Sub.Form, [builder.Emit(Mul.Form, [v, Constant()]), Constant()]);
                default: return type == DType.Bool ? builder.Emit(Primitives.Not, [v]) : builder.Emit(Add.Form, [builder.Emit(Mul.Form, [v, scalar]), v]);
            }
        }

        Value Constant() => builder.Emit(Primitives.Constant, [], Attributes.Of(type, Array.Empty<long>(), new long[] { type.IsFloat() ? BitConverter.DoubleToInt64Bits(numbers.Next(4)) : numbers.Next(2) }));
    }
}

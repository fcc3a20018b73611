using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;

namespace LazyHost.Ilgpu.Tests.Emission;

/// <summary>Kernels give what the reference gives. On the simulation each primitive runs in a few types, on devices in all.</summary>
public sealed class KernelTests
{
    private static readonly DType[] Few = [DType.Float32, DType.Int32, DType.UInt8, DType.Bool, DType.BFloat16];

    private static readonly DeviceSession Session = new TestDevice().Session;

    public static TheoryData<string> Graphs => [.. KernelGraphs.Names];

    public static TheoryData<string> GraphsOfTensors => [.. KernelGraphs.Names.Where(name => KernelGraphs.Of(name).Scalars.Length == 0)];

    [Theory, MemberData(nameof(Graphs))]
    public void Every_walk_agrees_with_the_reference(string name) => KernelRunner.Compare(Session, KernelGraphs.Of(name));

    [Theory, MemberData(nameof(GraphsOfTensors))]
    public void Every_walk_with_positions_of_64_bits_agrees_with_the_reference(string name) => KernelRunner.CompareWide(Session, KernelGraphs.Of(name));

    [Fact]
    public void A_full_table_of_code_starts_again_and_programs_keep_theirs()
    {
        using var device = new TestDevice();
        var table = new KernelCodeTable(device.Session, null, mostKernels: 2);
        KernelGraph[] graphs = [.. ((DType[])[DType.Float32, DType.Int32, DType.BFloat16]).Select(type => KernelGraphs.Maps([24], type))];
        var kept = graphs.Select(Code).ToList();
        Assert.Same(kept[2], Code(graphs[2]));
        var again = Code(graphs[0]);
        Assert.NotSame(kept[0], again);
        Assert.Equal(kept[0].Name, again.Name);
        foreach (var graph in graphs) KernelRunner.Compare(device.Session, graph);

        KernelCode Code(KernelGraph graph)
        {
            var program = KernelRunner.Lower(graph);
            return table.Get(KernelTranslation.Of(program.Steps.OfType<KernelStep>().Single().Kernel, program.Buffers));
        }
    }

    [Trait("Tier", "full")]
    [Fact]
    public void Every_elementwise_primitive_agrees_with_the_reference()
    {
        foreach (var primitive in Primitives.All.Where(p => p.Kind is >= PrimitiveKind.Neg and <= PrimitiveKind.Select))
            KernelRunner.Compare(Session, KernelGraphs.Primitive(primitive, Types(primitive), 24));
    }

    [Trait("Tier", "full")]
    [Fact]
    public void Every_cast_agrees_with_the_reference()
    {
        foreach (var from in TestDevice.Type == AcceleratorType.CPU ? Few : [.. DTypes.All]) KernelRunner.Compare(Session, KernelGraphs.Casts(from, TestDevice.Type == AcceleratorType.CPU ? 16 : 133));
    }

    [Trait("Tier", "full")]
    [Fact]
    public void Every_reduction_agrees_with_the_reference()
    {
        foreach (var primitive in Primitives.All.Where(p => p.Kind is >= PrimitiveKind.ReduceSum and <= PrimitiveKind.ReduceOr))
            foreach (var type in Types(primitive))
            {
                KernelRunner.Compare(Session, KernelGraphs.Reduced(primitive, [2, 67], [1], type));
                KernelRunner.Compare(Session, KernelGraphs.Reduced(primitive, [9, 5], [0], type));
            }
    }

    [Fact]
    public void Kernels_that_differ_in_sizes_alone_share_code()
    {
        using var device = new TestDevice();
        foreach (var name in (string[])["maps", "rows", "columns"])
            for (var i = 0; i < 3; i++)
            {
                var size = 96 + (i * 40);
                var made = KernelRunner.Compare(device.Session, name switch
                {
                    "maps" => KernelGraphs.Maps([size], DType.Float32),
                    "rows" => KernelGraphs.Softmax([3 + i, size]),
                    _ => KernelGraphs.Reduced(Primitives.ReduceSum, [size, 21 + i], [0], DType.Float32),
                });
                Assert.Equal(i == 0 ? 1 : 0, made);
            }
    }

    [Fact]
    public void Sums_have_the_same_bits_in_every_run()
    {
        var graph = KernelGraphs.Reduced(Primitives.ReduceSum, [2, 700], [1], DType.Float32);
        var first = KernelRunner.Run(Session, graph).Results;
        for (var i = 0; i < 3; i++) Assert.Equal(first, KernelRunner.Run(Session, graph).Results);
    }

    private static IEnumerable<DType> Types(Primitive primitive) => TestDevice.Type == AcceleratorType.CPU ? primitive.DTypes.Where(type => Few.Contains(type)) : primitive.DTypes;
}

using System.Linq.Expressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Lowering.Tests.Interpreters;
using LazyHost.Operators;
using Graph = LazyHost.IR.Graph;
using Kernel = LazyHost.Lowering.Programs.Kernel;

namespace LazyHost.Lowering.Tests.Ptx;

public class PtxTests
{
    /// <summary>Graphs that are one kernel each, and instructions their PTX must have besides loads and stores.</summary>
    public static TheoryData<string, string[]> Cases => new()
    {
        { "chain", ["mul.f32", "add.f32"] },
        { "softmax", ["setp", "div", "bra"] },
        { "layer_norm", ["sqrt.rn.f32", "bra"] },
        { "mean_var", ["bra", "div"] },
        { "bias_gelu", ["ex2.approx"] },
        { "transpose_add", ["add.f32"] },
        { "pad", ["setp", "bra"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_kernel_compiles_to_PTX(string name, string[] instructions)
    {
        var (program, kernel) = OneKernel(Make(name));
        using var context = Context.Create(builder => builder.CPU().EnableAlgorithms().Optimize(OptimizationLevel.O2));
        using var backend = new PTXBackend(context, new CudaArchitecture(9, 0), new CudaInstructionSet(8, 4), null!);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromImplicitlyGroupedKernel(ScalarKernel.Emit(kernel, program.Buffers)),
            new KernelSpecialization());
        Assert.All([".entry", "ld.global", "st.global", .. instructions], part => Assert.Contains(part, compiled.PTXAssembly, StringComparison.Ordinal));
        Assert.DoesNotContain("tanh.approx", compiled.PTXAssembly, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_kernel_computes_the_right_values(string name, string[] _)
    {
        var graph = Make(name);
        var (program, kernel) = OneKernel(graph);
        var inputs = graph.Parameters.Select((type, slot) => Enumerable.Range(0, (int)type.Shape.ElementCount)
            .Select(i => Elements.Of(Math.Sin((i * 0.7) + slot), DType.Float32)).ToArray()).ToArray();
        var expected = GraphInterpreter.Run(graph, inputs, []);
        var actual = RunOnCpu(program, kernel, inputs);
        for (var root = 0; root < expected.Length; root++)
            for (var i = 0; i < expected[root].Length; i++)
                Assert.Equal(Elements.Float(expected[root][i]), actual[root][i], 1e-5);
    }

    private static float[][] RunOnCpu(KernelProgram program, Kernel kernel, long[][] inputs)
    {
        using var context = Context.Create(builder => builder.CPU(new CPUDevice(4, 1, 1)).EnableAlgorithms());
        using var accelerator = context.GetCPUDevice(0).CreateCPUAccelerator(context);
        var ids = ScalarKernel.Buffers(kernel);
        var memory = ids.ToDictionary(id => id, id => accelerator.Allocate1D<float>(program.Buffers[id].Type.Shape.ElementCount));
        try
        {
            foreach (var (id, buffer) in memory)
                if (program.Buffers[id].Kind == BufferKind.Input)
                    buffer.CopyFromCPU([.. inputs[program.Buffers[id].Slot].Select(bits => (float)Elements.Float(bits))]);
            var compiled = accelerator.LoadAutoGroupedKernel(ScalarKernel.Emit(kernel, program.Buffers));
            var delegateType = Expression.GetDelegateType([typeof(AcceleratorStream), typeof(Index1D),
                .. ids.Select(id => ScalarKernel.ViewType(program.Buffers[id].Type.DType)), typeof(void)]);
            var launch = (Delegate)typeof(ILGPU.Runtime.Kernel).GetMethod("CreateLauncherDelegate")!.MakeGenericMethod(delegateType).Invoke(compiled, null)!;
            launch.DynamicInvoke([accelerator.DefaultStream, new Index1D((int)kernel.OuterCount), .. ids.Select(id => (object)memory[id].View)]);
            accelerator.Synchronize();
            return [.. program.Buffers.Where(buffer => buffer.Kind == BufferKind.Output).Select(buffer => memory[buffer.Id].GetAsArray1D())];
        }
        finally { foreach (var buffer in memory.Values) buffer.Dispose(); }
    }

    private static (KernelProgram, Kernel) OneKernel(Graph graph)
    {
        var program = ProgramLowering.Lower(graph, CompilationOptions.Default, TestContext.Current.CancellationToken);
        return (program, Assert.IsType<KernelStep>(Assert.Single(program.Steps)).Kernel);
    }

    private static Graph Make(string name) => Graphs.Build(g => name switch
    {
        "chain" => [Enumerable.Range(0, 5).Aggregate(g.Float(2, 5), (x, i) => g.Apply(i % 2 == 0 ? Primitives.Mul : Primitives.Add, x, x))],
        "softmax" => [Graphs.Softmax(g, g.Float(3, 7))],
        "layer_norm" => [Graphs.LayerNorm(g, g.Float(3, 7), g.Float(7), g.Float(7))],
        "mean_var" => Graphs.Moments(g, g.Float(3, 7)) is var (mean, _, variance) ? [mean, variance] : [],
        "bias_gelu" => [Graphs.Gelu(g, g.Apply(Primitives.Add, g.Float(3, 7), g.Spread(g.Float(7), Shape.Create([3L, 7L]), 1)))],
        "transpose_add" => g.Float(4, 4) is var x ? [g.Apply(Primitives.Add, x, g.Emit(Primitives.Permute, [x], Attributes.Of(new[] { 1L, 0L })))] : [],
        _ => [g.Apply(Primitives.Neg, g.Emit(Primitives.Pad, [g.Float(3, 4), g.Number(7, Shape.Scalar)],
            Attributes.Of(new[] { 1L, 0L }, new[] { 0L, 2L }, new[] { 0L, 0L })))],
    });
}

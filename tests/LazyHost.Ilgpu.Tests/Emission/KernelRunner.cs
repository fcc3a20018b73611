using LazyHost.Backends;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Emission;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Lowering;
using LazyHost.Lowering.Programs;
using Elements = LazyHost.Simd.Tests.Elements;

namespace LazyHost.Ilgpu.Tests.Emission;

/// <summary>Runs graphs as the kernels they become.</summary>
internal static class KernelRunner
{
    /// <summary>Runs a graph on the device and on the reference, compares every root, and gives the number of kernels compiled for it.</summary>
    public static int Compare(DeviceSession session, KernelGraph graph)
    {
        var (actual, made) = Run(session, graph);
        Compare(graph, actual);
        return made;
    }

    /// <summary>Runs a graph of kernels alone with the code for buffers of 2^31 elements and more, on those it has, and compares every root with the reference.</summary>
    public static void CompareWide(DeviceSession session, KernelGraph graph)
    {
        var program = Lower(graph);
        ProgramBuffer[] large = [.. program.Buffers.Select(buffer => buffer with { Type = new(buffer.Type.DType, [1L << 31]) })];
        var buffers = program.Buffers.Select(buffer => session.Memory.Rent(buffer.Type.ByteSize)).ToList();
        using var run = new RunContext(session, buffers.Count);
        foreach (var buffer in program.Buffers)
        {
            run.Bind(buffer.Id, buffers[buffer.Id].View);
            if (buffer.Kind is BufferKind.Input or BufferKind.Constant) session.Copies.ToDevice(buffer.Kind == BufferKind.Input ? graph.Inputs[buffer.Slot] : buffer.Data, buffers[buffer.Id].View);
        }
        lock (session.Gate)
        {
            session.Accelerator.Bind();
            foreach (var step in program.Steps)
            {
                var kernel = ((KernelStep)step).Kernel;
                Assert.True(KernelTranslation.Of(kernel, large).Schedule.IsWide);
                session.KernelSteps.Compile(kernel, large).Enqueue(run);
            }
            session.Stream.Synchronize();
        }
        var results = new byte[graph.Graph.Roots.Length][];
        foreach (var buffer in program.Buffers.Where(buffer => buffer.Kind == BufferKind.Output))
            session.Copies.ToHost(buffers[buffer.Id].View, results[buffer.Slot] = new byte[buffer.Type.ByteSize]);
        foreach (var buffer in buffers) buffer.Dispose();
        Compare(graph, results);
    }

    public static (byte[][] Results, int Made) Run(DeviceSession session, KernelGraph graph)
    {
        using var program = new DeviceProgram(Lower(graph), session, CancellationToken.None);
        TensorType[] types = [.. graph.Graph.Roots.ToArray().Select(graph.Graph.TypeOf)];
        var workspace = Lower(graph).WorkspaceBytes;
        var arguments = new ExecutionArguments
        {
            Inputs = [.. graph.Inputs.Select(bytes =>
            {
                var buffer = session.Memory.Rent(bytes.Length);
                if (bytes.Length > 0) session.Copies.ToDevice(bytes, buffer.View);
                return buffer;
            })],
            Outputs = [.. types.Select(type => session.Memory.Rent(type.ByteSize))],
            Workspace = workspace > 0 ? session.Memory.Rent(workspace) : null,
            Scalars = graph.Scalars,
        };
        program.Run(arguments);
        var results = types.Select((type, i) =>
        {
            var bytes = new byte[type.ByteSize];
            if (bytes.Length > 0) session.Copies.ToHost(((DeviceBuffer)arguments.Outputs[i]).View, bytes);
            return bytes;
        }).ToArray();
        foreach (var buffer in arguments.Inputs.Concat(arguments.Outputs)) buffer.Dispose();
        arguments.Workspace?.Dispose();
        return (results, program.NewKernels);
    }

    private static void Compare(KernelGraph graph, byte[][] actual)
    {
        var expected = ReferenceInterpreter.Run(graph.Graph, graph.Inputs, graph.Scalars);
        for (var i = 0; i < expected.Length; i++)
        {
            var type = graph.Graph.TypeOf(graph.Graph.Roots[i]);
            Elements.AssertClose(type, expected[i], actual[i], graph.Tolerance ?? Tolerance.Default(type.DType), () => graph.Graph.ToString());
        }
    }

    public static KernelProgram Lower(KernelGraph graph) => KernelSchedule.Cut(ProgramLowering.Lower(graph.Graph, CompilationOptions.Default, _ => graph.HasAttention, CancellationToken.None));
}

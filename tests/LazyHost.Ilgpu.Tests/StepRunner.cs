using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Calls;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.Backends.Ilgpu.Products;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

/// <summary>Runs single steps on a device.</summary>
internal static class StepRunner
{
    /// <summary>What result buffers hold before a run, so that an element nobody wrote is seen.</summary>
    private const byte Untouched = 0xA5;

    /// <summary>Runs a primitive as one step on the device, and on the reference, and compares every result.</summary>
    /// <param name="session">The device.</param>
    /// <param name="primitive">What is run.</param>
    /// <param name="attributes">Its attributes.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="tolerance">How near floating-point results must be; that of their type where it is null.</param>
    /// <param name="step">Makes the step of the buffers' numbers, operands first; a library call where it is null.</param>
    /// <param name="product">Makes a product ready to run, where it shall not be the one its sizes ask for.</param>
    /// <param name="call">Makes a library call ready to run, likewise.</param>
    public static void Compare(
        DeviceSession session, Primitive primitive, Attributes attributes, (TensorType Type, byte[] Bytes)[] operands, Tolerance? tolerance = null, Func<int[], ProgramStep>? step = null,
        Func<DotStep, DeviceStep>? product = null, Func<PrimitiveStep, KernelProgram, DeviceStep>? call = null)
    {
        var builder = new GraphBuilder();
        var node = builder.Emit(primitive, [.. operands.Select(operand => builder.Parameter(operand.Type))], attributes);
        for (var i = 0; i < primitive.OutputCount; i++) builder.AddRoot(node with { Output = i });
        var graph = builder.Build();
        byte[][] inputs = [.. operands.Select(operand => operand.Bytes)];
        int[] numbers = [.. Enumerable.Range(0, operands.Length + primitive.OutputCount)];
        var program = new KernelProgram(
            [.. operands.Select((operand, i) => new ProgramBuffer(i, BufferKind.Input, i, operand.Type, 0, default)),
                .. numbers[operands.Length..].Select((id, i) => new ProgramBuffer(id, BufferKind.Output, i, graph.TypeOf(graph.Roots[i]), 0, default))],
            [step?.Invoke(numbers) ?? new PrimitiveStep(primitive, attributes, numbers[..operands.Length], numbers[operands.Length..], 1)], 0, []);
        var expected = ReferenceInterpreter.Run(graph, inputs, []);
        var actual = Run(session, program, inputs, product ?? (dot => new ProductCompiler(session).Compile(dot, program.Buffers)),
            call ?? ((step, whole) => new CallCompiler(session).Compile(step, whole.Buffers)));
        for (var i = 0; i < expected.Length; i++)
        {
            var type = graph.TypeOf(graph.Roots[i]);
            Elements.AssertClose(type, expected[i], actual[i], tolerance ?? Tolerance.Default(type.DType), () => graph.ToString());
        }
    }

    private static byte[][] Run(DeviceSession session, KernelProgram program, byte[][] inputs, Func<DotStep, DeviceStep> product, Func<PrimitiveStep, KernelProgram, DeviceStep> call)
    {
        DeviceStep[] steps = [.. program.Steps.Select(step => step switch
        {
            DotStep dot => product(dot),
            PrimitiveStep primitive => call(primitive, program),
            _ => throw new UnsupportedOperatorException($"no test runs a {step.GetType().Name}"),
        })];
        lock (session.Gate)
        {
            session.Accelerator.Bind();
            var owned = new List<DeviceBuffer>();
            var views = program.Buffers.Select(buffer =>
            {
                var rented = session.Memory.Rent(buffer.Type.ByteSize);
                owned.Add(rented);
                var bytes = buffer.Kind == BufferKind.Input ? inputs[buffer.Slot] : Filled(buffer.Type.ByteSize);
                if (bytes.Length > 0) rented.View.CopyFromCPU(session.Stream, bytes);
                return rented.View;
            }).ToArray();
            using var run = new RunContext(session, views.Length);
            for (var i = 0; i < views.Length; i++) run.Bind(i, views[i]);
            foreach (var step in steps) step.Enqueue(run);
            session.Stream.Synchronize();
            var results = program.Buffers.Where(buffer => buffer.Kind == BufferKind.Output).Select(buffer =>
            {
                var bytes = new byte[buffer.Type.ByteSize];
                if (bytes.Length > 0) views[buffer.Id].CopyToCPU(session.Stream, bytes);
                session.Stream.Synchronize();
                return bytes;
            }).ToArray();
            foreach (var buffer in owned) buffer.Dispose();
            return results;
        }
    }

    private static byte[] Filled(long byteSize)
    {
        var bytes = new byte[byteSize];
        Array.Fill(bytes, Untouched);
        return bytes;
    }
}

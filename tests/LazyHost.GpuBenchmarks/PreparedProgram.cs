using System.Runtime.InteropServices;
using LazyHost.Backends;
using LazyHost.Backends.Ilgpu;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.IR;
using LazyHost.Lowering;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;

namespace LazyHost.GpuBenchmarks;

/// <summary>The steps the backend makes of a program, with memory of their own, so that they can be put on the stream without the waiting of a run.</summary>
internal sealed class PreparedProgram : IDisposable
{
    private readonly List<DeviceStep> steps = [];
    private readonly List<DeviceBuffer> held = [];
    private readonly DeviceSession session;
    private readonly RunContext run;

    /// <param name="session">The device.</param>
    /// <param name="program">The program.</param>
    /// <param name="scalars">How many numbers it takes.</param>
    /// <param name="product">Makes the step of a product; the backend's choice where it is null.</param>
    public PreparedProgram(DeviceSession session, KernelProgram program, int scalars = 0, Func<DotStep, DeviceStep>? product = null)
    {
        this.session = session;
        session.Accelerator.Bind();
        run = new(session, program.Buffers.Count);
        try
        {
            foreach (var step in program.Steps)
            {
                steps.Add(step switch
                {
                    KernelStep kernel => session.KernelSteps.Compile(kernel.Kernel, program.Buffers),
                    DotStep dot => product?.Invoke(dot) ?? session.Products.Compile(dot, program.Buffers),
                    PrimitiveStep call => session.Calls.Compile(call, program.Buffers),
                    _ => throw new UnsupportedOperatorException($"no benchmark runs a {step.GetType().Name}"),
                });
            }
            var workspace = Rent(program.WorkspaceBytes).View;
            foreach (var buffer in program.Buffers)
            {
                if (buffer.Kind == BufferKind.Temporary)
                {
                    run.Bind(buffer.Id, workspace.SubView(buffer.WorkspaceOffset, buffer.Type.ByteSize));
                    continue;
                }
                var memory = Rent(buffer.Type.ByteSize);
                if (buffer.Kind == BufferKind.Constant) session.Copies.ToDevice(buffer.Data, memory.View);
                else SomeNumbers.Fill(session, memory.View, buffer.Type.DType);
                run.Bind(buffer.Id, memory.View);
                if (buffer.Kind != BufferKind.Constant) Bytes += buffer.Type.ByteSize;
            }
            if (scalars == 0) return;
            var block = Rent(scalars * sizeof(long)).View;
            session.Copies.ToDevice(MemoryMarshal.AsBytes<long>(Enumerable.Repeat(1L, scalars).ToArray()).ToArray(), block);
            run.Scalars = block.Cast<long>();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The bytes of its inputs and outputs.</summary>
    public long Bytes { get; }

    /// <summary>How many steps it has; products and calls may be several kernels each.</summary>
    public int StepCount => steps.Count;

    /// <summary>What the backend makes of a graph of operators.</summary>
    public static PreparedProgram Of(IlgpuBackend backend, DeviceSession session, Graph graph) => new(session,
        ProgramLowering.Lower(GraphDecomposer.Decompose(graph, backend.Query), CompilationOptions.Default), graph.Scalars.Count);

    /// <summary>Tells the device to run it once.</summary>
    public void Enqueue()
    {
        foreach (var step in steps) step.Enqueue(run);
    }

    /// <summary>Elements of a buffer of the program, as bytes.</summary>
    public byte[] Read(int buffer, long offset, int count)
    {
        var bytes = new byte[count];
        session.Stream.Synchronize();
        session.Copies.ToHost(run.Bytes(buffer).SubView(offset, count), bytes);
        return bytes;
    }

    public void Dispose()
    {
        foreach (var step in steps) (step as IDisposable)?.Dispose();
        run.Dispose();
        foreach (var buffer in held) buffer.Dispose();
    }

    private DeviceBuffer Rent(long byteSize)
    {
        var buffer = session.Memory.Rent(byteSize);
        held.Add(buffer);
        return buffer;
    }
}

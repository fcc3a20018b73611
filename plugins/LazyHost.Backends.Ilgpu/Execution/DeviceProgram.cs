using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Devices;
using LazyHost.Backends.Ilgpu.Memory;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Execution;

/// <summary>A program on one device: its steps in order, its constants in the device's memory.</summary>
internal sealed class DeviceProgram : IDisposable
{
    private const long BytesPerStep = 16384;

    private readonly KernelProgram program;
    private readonly DeviceSession session;
    private readonly DeviceStep[] steps;
    private readonly DeviceBuffer?[] constants;
    private readonly KernelUse used = new();
    private readonly ConcurrentBag<RunContext> idle = [];

    /// <exception cref="UnsupportedOperatorException">A step is of a kind the device cannot run.</exception>
    public DeviceProgram(KernelProgram program, DeviceSession session, CancellationToken cancellationToken)
    {
        (this.program, this.session) = (program, session);
        constants = new DeviceBuffer?[program.Buffers.Count];
        var compiled = new List<DeviceStep>(program.Steps.Count);
        try
        {
            used = KernelTable.Record(() =>
            {
                foreach (var step in program.Steps)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    compiled.Add(Compile(step));
                }
            });
            foreach (var buffer in program.Buffers)
            {
                if (buffer.Kind != BufferKind.Constant) continue;
                var memory = constants[buffer.Id] = session.Memory.Rent(buffer.Data.Length);
                if (buffer.Data.Length > 0) session.Copies.ToDevice(buffer.Data, memory.View);
            }
        }
        catch
        {
            steps = [.. compiled];
            Dispose();
            throw;
        }
        steps = [.. compiled];
        ProgramBytes = (steps.Length * BytesPerStep) + constants.Sum(c => c?.ByteSize ?? 0);
    }

    public int StepCount => steps.Length;

    /// <summary>The number of its kernels that had to be compiled.</summary>
    public int NewKernels => used.Compiled;

    public long ProgramBytes { get; }

    public ReadOnlyMemory<byte> Serialize() => session.Kernels.Texts.Write(used.Names);

    /// <summary>Runs the program and waits for it.</summary>
    public void Run(ExecutionArguments arguments)
    {
        Check(arguments);
        if (!idle.TryTake(out var run)) run = new(session, program.Buffers.Count);
        PageLockedArray1D<byte>? scalars = null;
        ProfilingMarker? done = null;
        try
        {
            for (var i = 0; i < program.Buffers.Count; i++) run.Bind(i, View(program.Buffers[i], arguments));
            if (arguments.Scalars.Length > 0) scalars = session.Pinned.Rent();
            lock (session.Gate)
            {
                session.Accelerator.Bind();
                if (scalars is not null) UploadScalars(run, arguments.Scalars, scalars);
                foreach (var step in steps) step.Enqueue(run);
                done = session.Stream.AddProfilingMarker();
            }
            done.Synchronize();
        }
        catch
        {
            // The device may still work with memory that is about to be given back.
            try { session.Stream.Synchronize(); }
            catch (Exception e)
            {
                if (DeviceErrors.IsLost(e)) session.Lose(DeviceErrors.Describe(e)); // the first failure is what is told
            }
            throw;
        }
        finally
        {
            if (scalars is not null) session.Pinned.Return(scalars);
            run.Dispose();
            idle.Add(run);
            done?.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var step in steps) (step as IDisposable)?.Dispose();
        for (var i = 0; i < constants.Length; i++)
        {
            constants[i]?.Dispose();
            constants[i] = null;
        }
    }

    private DeviceStep Compile(ProgramStep step) => step switch
    {
        KernelStep kernel => session.KernelSteps.Compile(kernel.Kernel, program.Buffers),
        DotStep dot => session.Products.Compile(dot, program.Buffers),
        AttentionStep attention => session.Attention.Compile(attention),
        PrimitiveStep call => session.Calls.Compile(call, program.Buffers),
        _ => throw new UnsupportedOperatorException($"the ILGPU backend does not know steps of type {step.GetType().Name}"),
    };

    private static void UploadScalars(RunContext run, long[] values, PageLockedArray1D<byte> pinned)
    {
        var bytes = values.Length * sizeof(long);
        if (bytes > PinnedMemory.PieceBytes) throw new ExecutionException($"a program of {values.Length} numbers is too large: at most {PinnedMemory.PieceBytes / sizeof(long)} fit");
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(pinned.Span);
        var block = run.Rent(bytes).View;
        block.CopyFromCPUUnsafeAsync(run.Stream, ref pinned.Span[0], bytes);
        run.Scalars = block.Cast<long>().SubView(0, values.Length);
    }

    private ArrayView<byte> View(ProgramBuffer buffer, ExecutionArguments arguments) => buffer.Kind switch
    {
        BufferKind.Input => Own(arguments.Inputs[buffer.Slot]).View,
        BufferKind.Output => Own(arguments.Outputs[buffer.Slot]).View,
        BufferKind.Temporary => Own(arguments.Workspace!).View.SubView(buffer.WorkspaceOffset, buffer.Type.ByteSize),
        _ => constants[buffer.Id]!.View,
    };

    private void Check(ExecutionArguments arguments)
    {
        if (program.WorkspaceBytes > 0 && (arguments.Workspace is null || arguments.Workspace.ByteSize < program.WorkspaceBytes))
            throw new ExecutionException($"the program needs a workspace of {program.WorkspaceBytes} bytes but was given {arguments.Workspace?.ByteSize ?? 0}");
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            var buffer = program.Buffers[i];
            if (buffer.Kind is not (BufferKind.Input or BufferKind.Output)) continue;
            var given = buffer.Kind == BufferKind.Input ? arguments.Inputs : arguments.Outputs;
            if (buffer.Slot >= given.Length || given[buffer.Slot].ByteSize < buffer.Type.ByteSize)
                throw new ExecutionException($"{buffer.Kind} {buffer.Slot} needs a buffer of {buffer.Type.ByteSize} bytes for {buffer.Type}; it was given {(buffer.Slot < given.Length ? given[buffer.Slot].ByteSize : 0)}");
        }
    }

    private DeviceBuffer Own(IDeviceBuffer buffer) => buffer is DeviceBuffer own && own.Owner == session.Memory ? own
        : throw new ExecutionException($"a buffer of type {buffer.GetType().Name} is not of {session.Name}; allocate it there");
}

using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Memory;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd;

/// <summary>A compiled program: its steps in order, each ready to run.</summary>
internal sealed unsafe class SimdExecutable : IExecutable
{
    private const long BytesPerStep = 4096;

    private readonly KernelProgram program;
    private readonly CompiledStep[] steps;
    private readonly NativeBuffer?[] constants;

    public SimdExecutable(KernelProgram program, CompiledStep[] steps, NativePool pool, int newKernels)
    {
        // Their parts pass over a tile one after the other: the first must not write what the second reads.
        MayAlias = Array.Exists(steps, static step => step is KernelRun { IsInParts: true }) ? [] : program.MayAlias;
        NewKernelCount = newKernels;
        (this.program, this.steps) = (program, steps);
        constants = new NativeBuffer?[program.Buffers.Count];
        foreach (var buffer in program.Buffers)
        {
            if (buffer.Kind != BufferKind.Constant) continue;
            var memory = constants[buffer.Id] = pool.Rent(Math.Max(1, buffer.Data.Length));
            buffer.Data.Span.CopyTo(memory.Span(buffer.Data.Length));
        }
        ProgramBytes = (steps.Length * BytesPerStep) + constants.Sum(c => c?.BlockSize ?? 0);
    }

    public long WorkspaceBytes => program.WorkspaceBytes;

    public long EstimatedOperations => program.Operations;

    public int KernelCount => steps.Length;

    public int NewKernelCount { get; }

    public long ProgramBytes { get; }

    public IReadOnlyList<AliasPair> MayAlias { get; }

    public string Dump() => program.Dump();

    public void Run(ExecutionArguments arguments, NativePool pool, WorkerPool workers, CancellationToken cancellationToken)
    {
        Check(arguments);
        var buffers = stackalloc byte*[program.Buffers.Count + 1];
        var workspace = arguments.Workspace is { } memory ? Own(memory).Pointer : null;
        for (var i = 0; i < program.Buffers.Count; i++)
        {
            var buffer = program.Buffers[i];
            buffers[i] = buffer.Kind switch
            {
                BufferKind.Input => Own(arguments.Inputs[buffer.Slot]).Pointer,
                BufferKind.Output => Own(arguments.Outputs[buffer.Slot]).Pointer,
                BufferKind.Temporary => workspace + buffer.WorkspaceOffset,
                _ => constants[buffer.Id]!.Pointer,
            };
        }
        fixed (long* scalars = arguments.Scalars)
        {
            var context = new RunContext(buffers, scalars, pool, workers);
            foreach (var step in steps)
            {
                cancellationToken.ThrowIfCancellationRequested();
                step.Run(context);
            }
        }
    }

    public void Dispose()
    {
        for (var i = 0; i < constants.Length; i++)
        {
            constants[i]?.Dispose();
            constants[i] = null;
        }
    }

    private void Check(ExecutionArguments arguments)
    {
        if (WorkspaceBytes > 0 && (arguments.Workspace is null || arguments.Workspace.ByteSize < WorkspaceBytes))
            throw new ExecutionException($"the program needs a workspace of {WorkspaceBytes} bytes but was given {arguments.Workspace?.ByteSize ?? 0}");
        for (var i = 0; i < program.Buffers.Count; i++) // an enumerator would be an object
        {
            var buffer = program.Buffers[i];
            if (buffer.Kind is not (BufferKind.Input or BufferKind.Output)) continue;
            var given = buffer.Kind == BufferKind.Input ? arguments.Inputs : arguments.Outputs;
            if (buffer.Slot >= given.Length || given[buffer.Slot].ByteSize < buffer.Type.ByteSize)
                throw new ExecutionException($"{buffer.Kind} {buffer.Slot} needs a buffer of {buffer.Type.ByteSize} bytes for {buffer.Type}; it was given {(buffer.Slot < given.Length ? given[buffer.Slot].ByteSize : 0)}");
        }
    }

    private static NativeBuffer Own(IDeviceBuffer buffer) =>
        buffer as NativeBuffer ?? throw new ExecutionException($"a buffer of type {buffer.GetType().Name} is not of the SIMD backend; allocate it there");
}

using System.Buffers;
using LazyHost.Backends;

namespace LazyHost;

/// <summary>
/// Runs the parts of a program one after the other, each on its device. Inputs and outputs of the run's own device are used as they are; values that cross to
/// another device are copied through the host. Every temporary buffer is given back when nothing needs it any more, and all of them when something fails.
/// </summary>
internal sealed class PartitionedRun
{
    private readonly Async run;
    private readonly PartitionedProgram program;
    private readonly BufferHandle?[] buffers;

    private PartitionedRun(Async run, PartitionedProgram program)
    {
        (this.run, this.program) = (run, program);
        buffers = new BufferHandle?[program.Slots.Count];
        for (var i = 0; i < run.Inputs.Length; i++) buffers[i] = run.Inputs[i].Handle;
        for (var i = 0; i < run.Outputs.Length; i++) buffers[program.InputCount + i] = run.Outputs[i].Handle;
    }

    /// <summary>Computes the outputs of a run.</summary>
    /// <exception cref="LazyHostException">A part or a copy failed; the message names operator, backend and device.</exception>
    public static void Execute(Async run, PartitionedProgram program)
    {
        var partitioned = new PartitionedRun(run, program);
        try
        {
            for (var i = 0; i < program.Parts.Length; i++) partitioned.RunPart(i);
        }
        finally
        {
            for (var slot = program.FirstTemporary; slot < partitioned.buffers.Length; slot++) partitioned.buffers[slot]?.Release();
        }
    }

    private void RunPart(int index)
    {
        var part = program.Parts[index];
        try { Execute(part); }
        catch (Exception e)
        {
            var what = $"part {index + 1} of {program.Parts.Length}, {part}, failed: ";
            var error = BackendHost.Translate(e, message => new ExecutionException(what + message)) as LazyHostException
                ?? new ExecutionException(what + "it was cancelled by its backend");
            throw error.At(part.Operators.FirstOrDefault().Name, part.Site);
        }
    }

    private void Execute(ProgramPart part)
    {
        BufferHandle? workspace = null;
        try
        {
            foreach (var (from, to) in part.CopiesIn) Copy(from, to);
            var bytes = part.Computation.WorkspaceBytes;
            if (bytes > 0) workspace = part.Device.Memory.Allocate(new(DType.UInt8, Shape.Create([bytes])), bytes);
            var arguments = new ExecutionArguments
            {
                Ordinal = part.Device.Id.Ordinal,
                Inputs = Array.ConvertAll(part.Inputs, slot => Buffer(slot).Buffer),
                Outputs = Array.ConvertAll(part.Outputs, slot => Buffer(slot).Buffer),
                Workspace = workspace?.Buffer,
                Scalars = Array.ConvertAll(part.Scalars, slot => run.Scalars[slot]),
            };
            Wait(part.Device.Host.Backend.ExecuteAsync(part.Computation.Executable, arguments, CancellationToken.None));
            foreach (var (from, to) in part.CopiesOut) Copy(from, to);
            if (part.Device != run.Device)
                foreach (var (name, count) in part.Operators) run.Device.Engine.Metrics.FellBack(name, count);
        }
        finally
        {
            workspace?.Release();
        }
        foreach (var slot in part.LastUses)
        {
            buffers[slot]!.Release();
            buffers[slot] = null;
        }
    }

    /// <summary>The buffer of a slot, taken from its device where there is none yet.</summary>
    private BufferHandle Buffer(int slot)
    {
        var (type, device) = program.Slots[slot];
        return buffers[slot] ??= type.ByteSize <= DeviceData.ManagedLimit ? device.Memory.RentSmall(type) : device.Memory.Allocate(type, type.ByteSize);
    }

    private void Copy(int from, int to)
    {
        var (type, source) = program.Slots[from];
        var destination = program.Slots[to].Device;
        var buffer = Buffer(to).Buffer;
        if (type.ByteSize == 0) return;
        var rented = ArrayPool<byte>.Shared.Rent(checked((int)type.ByteSize));
        try
        {
            var bytes = rented.AsMemory(0, (int)type.ByteSize);
            Wait(source.Host.Backend.CopyToHostAsync(Buffer(from).Buffer, bytes, CancellationToken.None));
            Wait(destination.Host.Backend.CopyFromHostAsync(bytes, buffer, CancellationToken.None));
        }
        catch (Exception e)
        {
            // Who knows what a copy that failed still does to the bytes: they go to the collector, not to the pool.
            throw BackendHost.Translate(e, message => new TransferException($"copying {type} from {source.Id} to {destination.Id} failed: {message}"));
        }
        ArrayPool<byte>.Shared.Return(rented);
        run.Device.Engine.Metrics.InboundBytes.Add(type.ByteSize, source);
        run.Device.Engine.Metrics.OutboundBytes.Add(type.ByteSize, destination);
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }
}

using System.Buffers;

namespace LazyHost;

/// <summary>
/// Runs the parts of a program one after the other, each on its device. Inputs and outputs of the run's own device are used as they are; values that cross to
/// another device are copied through the host. Every temporary buffer is given back when nothing needs it any more, and all of them when something fails.
/// </summary>
internal sealed class PartitionedRun
{
    private readonly Device device;
    private readonly long[] scalars;
    private readonly PartitionedProgram program;
    private readonly BufferHandle?[] buffers;

    private PartitionedRun(Device device, PartitionedProgram program, BufferHandle[] inputs, BufferHandle[] outputs, long[] scalars)
    {
        (this.device, this.program, this.scalars) = (device, program, scalars);
        buffers = new BufferHandle?[program.Slots.Count];
        inputs.CopyTo(buffers, 0);
        outputs.CopyTo(buffers, program.InputCount);
    }

    /// <summary>Computes the outputs of a run.</summary>
    /// <exception cref="LazyHostException">A part or a copy failed; the message names operator, backend and device.</exception>
    public static void Execute(Device device, PartitionedProgram program, BufferHandle[] inputs, BufferHandle[] outputs, long[] scalars)
    {
        var partitioned = new PartitionedRun(device, program, inputs, outputs, scalars);
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
        foreach (var (from, to) in part.CopiesIn) Copy(from, to);
        ProgramRun.Execute(part.Device, part.Computation, Array.ConvertAll(part.Inputs, Buffer), Array.ConvertAll(part.Outputs, Buffer), Array.ConvertAll(part.Scalars, slot => scalars[slot]));
        foreach (var (from, to) in part.CopiesOut) Copy(from, to);
        if (part.Device != device)
            foreach (var (name, count) in part.Operators) device.Engine.Metrics.FellBack(name, count);
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
            ProgramRun.Wait(source.Host.Backend.CopyToHostAsync(Buffer(from).Buffer, bytes, CancellationToken.None));
            ProgramRun.Wait(destination.Host.Backend.CopyFromHostAsync(bytes, buffer, CancellationToken.None));
        }
        catch (Exception e)
        {
            // Who knows what a copy that failed still does to the bytes: they go to the collector, not to the pool.
            throw BackendHost.Translate(e, message => new TransferException($"copying {type} from {source.Id} to {destination.Id} failed: {message}"));
        }
        ArrayPool<byte>.Shared.Return(rented);
        device.Engine.Metrics.InboundBytes.Add(type.ByteSize, source);
        device.Engine.Metrics.OutboundBytes.Add(type.ByteSize, destination);
    }
}

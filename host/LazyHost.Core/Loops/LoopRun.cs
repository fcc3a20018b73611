using System.Buffers.Binary;

namespace LazyHost;

/// <summary>One run of a loop. Turns write to the outputs and to temporary buffers in turns, so that none writes what it reads.</summary>
internal sealed class LoopRun(Device device, LoopProgram loop, BufferHandle[] inputs, long[] scalars)
{
    private readonly List<BufferHandle> owned = [];

    /// <exception cref="LazyHostException">A turn failed.</exception>
    public void Execute(BufferHandle[] outputs)
    {
        try
        {
            var final = new BufferHandle[loop.Types.Length];
            for (var i = 0; i < final.Length; i++) final[i] = loop.Outputs[i] >= 0 ? outputs[loop.Outputs[i]] : Take(loop.Types[i]);
            BufferHandle[]? other = null;
            var now = Array.ConvertAll(loop.Carried, slot => inputs[slot]);
            var count = loop.Condition is null ? Count() : 0;
            for (long turn = 0; loop.Condition is null ? turn < count : Holds(now); turn++)
            {
                device.Host.ThrowIfClosing();
                // With a known number of turns, the last one writes to the outputs.
                var next = (loop.Condition is null ? count - 1 - turn : turn) % 2 == 0 ? final : other ??= Array.ConvertAll(loop.Types, Take);
                ProgramRun.Execute(device, loop.Body, [.. now, .. loop.BodyInputs.Select(slot => inputs[slot])], next, Numbers(loop.BodyNumbers, loop.Condition is null ? turn : null));
                now = next;
            }
            if (now == final) return;
            for (var i = 0; i < final.Length; i++)
                if (loop.Types[i].ByteSize > 0) ProgramRun.Wait(device.Host.Backend.CopyAsync(now[i].Buffer, final[i].Buffer, loop.Types[i].ByteSize, CancellationToken.None));
        }
        finally
        {
            foreach (var buffer in owned) buffer.Release();
        }
    }

    private long Count()
    {
        if (loop.Count.IsNumber) return scalars[loop.Count.Slot];
        var bytes = new byte[sizeof(long)];
        ProgramRun.Wait(device.Host.Backend.CopyToHostAsync(inputs[loop.Count.Slot].Buffer, bytes, CancellationToken.None));
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private bool Holds(BufferHandle[] now)
    {
        var answer = Take(new(DType.Bool, Shape.Scalar));
        try
        {
            ProgramRun.Execute(device, loop.Condition!, [.. now, .. loop.ConditionInputs.Select(slot => inputs[slot])], [answer], Numbers(loop.ConditionNumbers, null));
            var bytes = new byte[1];
            ProgramRun.Wait(device.Host.Backend.CopyToHostAsync(answer.Buffer, bytes, CancellationToken.None));
            return bytes[0] != 0;
        }
        finally
        {
            owned.Remove(answer);
            answer.Release();
        }
    }

    private long[] Numbers(int[] slots, long? turn)
    {
        var numbers = slots.Select(slot => scalars[slot]);
        return turn is { } first ? [first, .. numbers] : [.. numbers];
    }

    private BufferHandle Take(TensorType type)
    {
        var buffer = device.Memory.Allocate(type, Math.Max(1, type.ByteSize));
        owned.Add(buffer);
        return buffer;
    }
}

using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Memory;

/// <summary>
/// Places temporaries in one workspace: each lives from the first step that writes it to the last that reads it, and takes the smallest free piece that holds
/// it. Temporaries of one step never overlap, so a step need not care for the order of its reads and writes among them.
/// </summary>
internal static class WorkspacePlanner
{
    public const long Alignment = 64;

    /// <summary>The buffers with their offsets, and the bytes of workspace.</summary>
    /// <param name="buffers">The buffers.</param>
    /// <param name="storage">For each, the first buffer that is the same memory.</param>
    /// <param name="steps">The steps in order.</param>
    public static (IReadOnlyList<ProgramBuffer> Buffers, long Bytes) Run(IReadOnlyList<ProgramBuffer> buffers, IReadOnlyList<int> storage,
        IReadOnlyList<ProgramStep> steps)
    {
        var last = new int[buffers.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var buffer in StepBuffers.Writes(steps[i])) last[storage[buffer]] = i;
            foreach (var buffer in StepBuffers.Reads(steps[i])) last[storage[buffer]] = i;
        }
        var offsets = new long[buffers.Count];
        Array.Fill(offsets, -1);
        var free = new FreeList();
        for (var i = 0; i < steps.Count; i++)
        {
            List<int> touched = [.. StepBuffers.Writes(steps[i]).Concat(StepBuffers.Reads(steps[i])).Select(buffer => storage[buffer]).Distinct()];
            foreach (var buffer in touched)
                if (buffers[buffer].Kind == BufferKind.Temporary && offsets[buffer] < 0) offsets[buffer] = free.Take(Size(buffers[buffer]));
            foreach (var buffer in touched)
                if (buffers[buffer].Kind == BufferKind.Temporary && last[buffer] == i) free.Return(offsets[buffer], Size(buffers[buffer]));
        }
        return ([.. buffers.Select((buffer, i) => buffer with { WorkspaceOffset = Math.Max(0, offsets[storage[i]]) })], free.Length);
    }

    private static long Size(ProgramBuffer buffer) => Math.Max(1, (buffer.Type.ByteSize + Alignment - 1) / Alignment) * Alignment;
}

using LazyHost.Backends;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Memory;

/// <summary>
/// Finds inputs whose memory an output may take: equal byte sizes, one step writes the output, and nothing reads the input afterwards. In the writing step itself
/// the input may be read only by an element-wise kernel, at the very elements it stores.
/// </summary>
internal static class AliasAnalysis
{
    // enough for any binder, and the list stays linear in the number of outputs
    private const int PairsPerOutput = 8;

    public static IReadOnlyList<AliasPair> Run(IReadOnlyList<ProgramBuffer> buffers, IReadOnlyList<ProgramStep> steps)
    {
        var lastRead = new Dictionary<int, int>();
        var writers = new Dictionary<int, List<int>>();
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var id in StepBuffers.Reads(steps[i])) if (buffers[id].Kind == BufferKind.Input) lastRead[buffers[id].Slot] = i;
            foreach (var id in StepBuffers.Writes(steps[i]))
                if (buffers[id].Kind == BufferKind.Output)
                    (writers.TryGetValue(buffers[id].Slot, out var list) ? list : writers[buffers[id].Slot] = []).Add(i);
        }
        var inputs = buffers.Where((buffer, id) => buffer.Kind == BufferKind.Input && buffer.Slot == id)
            .ToLookup(buffer => (buffer.Type.ByteSize, buffer.Type.DType.Size()));
        var pairs = new List<AliasPair>();
        foreach (var output in buffers.Where(buffer => buffer.Kind == BufferKind.Output).DistinctBy(buffer => buffer.Slot))
        {
            if (output.Type.ByteSize == 0 || !writers.TryGetValue(output.Slot, out var writing) || writing.Count != 1) continue;
            var writer = writing[0];
            var fitting = inputs[(output.Type.ByteSize, output.Type.DType.Size())].Select(input =>
                (input.Slot, Last: lastRead.GetValueOrDefault(input.Slot, -1)))
                .Where(input => input.Last < writer || (input.Last == writer && ReadsOnlyWhatItStores(buffers, steps[writer], input.Slot, output.Slot)));
            pairs.AddRange(fitting.OrderByDescending(input => input.Last).Take(PairsPerOutput).Select(input => new AliasPair(input.Slot, output.Slot))
                .OrderBy(pair => pair.Input));
        }
        return pairs;
    }

    private static bool ReadsOnlyWhatItStores(IReadOnlyList<ProgramBuffer> buffers, ProgramStep step, int input, int output)
    {
        if (step is not KernelStep { Kernel: { IsElementwise: true } kernel }) return false;
        var store = kernel.Stages[0].Stores.Select(store => kernel.Accesses[store.Access])
            .First(access => buffers[access.Buffer].Kind == BufferKind.Output && buffers[access.Buffer].Slot == output);
        foreach (var expression in kernel.Expressions)
        {
            if (expression.Kind != KernelExpressionKind.Load) continue;
            var load = kernel.Accesses[expression.Index];
            if (buffers[load.Buffer].Kind != BufferKind.Input || buffers[load.Buffer].Slot != input) continue;
            if (load.Guards.Count > 0 || load.Offset != store.Offset || !load.Strides.SequenceEqual(store.Strides)) return false;
        }
        return true;
    }
}

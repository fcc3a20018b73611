using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>A kernel on its way to code.</summary>
/// <param name="Kernel">The kernel, with buffers of its own numbers and a loop to walk along.</param>
/// <param name="Buffers">The program's buffer for each of the kernel's.</param>
/// <param name="Data">Where the numbers of its code are.</param>
/// <param name="Source">Its operations.</param>
/// <param name="Schedule">How it is walked.</param>
internal sealed record KernelTranslation(Kernel Kernel, int[] Buffers, KernelData Data, TranslatedKernel Source, KernelSchedule Schedule)
{
    public static KernelTranslation Of(Kernel kernel, IReadOnlyList<ProgramBuffer> buffers)
    {
        var own = kernel.Accesses.Select(a => a.Buffer).Distinct().ToList();
        kernel = Normalize(kernel with { Accesses = [.. kernel.Accesses.Select(a => a with { Buffer = own.IndexOf(a.Buffer) })] });
        var data = new KernelData(kernel);
        var source = KernelTranslator.Translate(data.Template());
        var operations = source.Graph.Nodes.Count(node => node.Op != LaneOp.Constant);
        var most = own.Select(b => buffers[b].Type.ByteSize).DefaultIfEmpty(0).Max();
        return new(kernel, [.. own], data, source, KernelSchedule.Of(kernel, operations, most));
    }

    /// <summary>The code of the kernel's method.</summary>
    public void Emit(System.Reflection.Emit.ILGenerator il)
    {
        var writer = new KernelWriter(il, Source, Data, Schedule);
        switch (Schedule.Walk)
        {
            case KernelWalk.Map: MapEmitter.Emit(writer); break;
            case KernelWalk.Tile: TileEmitter.Emit(writer); break;
            case KernelWalk.GroupRow: GroupRowEmitter.Emit(writer); break;
            default: ThreadRowEmitter.Emit(writer); break;
        }
        il.Emit(System.Reflection.Emit.OpCodes.Ret);
    }

    /// <summary>The same kernel with a last loop to walk along: kernels over one point get a loop of size 1.</summary>
    private static Kernel Normalize(Kernel kernel)
    {
        if (kernel.IsElementwise ? kernel.Sizes.Count > 0 : kernel.Sizes.Count > kernel.OuterRank) return kernel;
        return kernel with
        {
            Sizes = [.. kernel.Sizes, 1],
            OuterRank = kernel.IsElementwise ? kernel.OuterRank + 1 : kernel.OuterRank,
            Accesses = [.. kernel.Accesses.Select(a => a with { Strides = [.. a.Strides, 0] })],
        };
    }
}

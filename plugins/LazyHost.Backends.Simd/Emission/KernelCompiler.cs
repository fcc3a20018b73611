using LazyHost.Lowering.Lanes;
using LazyHost.Backends.Simd.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Makes code of kernels for one vector width.</summary>
internal sealed unsafe class KernelCompiler(int width)
{
    private readonly VectorMethods methods = new();

    public KernelBody Compile(Kernel kernel)
    {
        var source = KernelTranslator.Translate(kernel);
        if (KernelShape.Walk(kernel) == KernelWalk.Map && LongMap.Split(source) is { } parts)
            return new LongMap(kernel, [.. parts.Select(part => MapEmitter.Emit(part, methods, Lanes(part)))], parts[^1].Kernel.Accesses).Run;
        return Emit(source);
    }

    /// <summary>Code for all kernels that differ from this one in some numbers only, which it takes as arguments; null for kernels of more than one method.</summary>
    public KernelBody? CompileShared(Kernel kernel, KernelArguments numbers)
    {
        var source = KernelTranslator.Translate(kernel) with { Numbers = numbers };
        return KernelShape.Walk(kernel) == KernelWalk.Map && LongMap.Split(source) is not null ? null : Emit(source);
    }

    private KernelBody Emit(TranslatedKernel source) => KernelShape.Walk(source.Kernel) switch
    {
        KernelWalk.Map => MapEmitter.Emit(source, methods, Lanes(source)),
        KernelWalk.Row => RowEmitter.Emit(source, methods, Lanes(source)),
        _ => ColumnEmitter.Emit(source, methods, Lanes(source)),
    };

    /// <summary>Lanes of every vector of a kernel: as many as the widest type in it allows, which narrower types then only half fill.</summary>
    private int Lanes(TranslatedKernel source)
    {
        if (width == 0 || source.IsScalarOnly) return 1;
        var (isColumn, last) = (KernelShape.Walk(source.Kernel) == KernelWalk.Column, source.Kernel.Sizes.Count - 1);
        var dependence = new Dependence(source, isColumn ? source.Kernel.OuterRank - 1 : last, isColumn);
        int[] roots = [.. source.Stages.SelectMany(s => s.Stores.Select(t => t.Node).Concat(s.Reductions.Select(r => r.Node)).Concat(isColumn ? s.RowStores.Select(t => t.Node) : []))];
        // The roots as well: a constant stored as it is neither varies nor is computed before the run.
        var varying = dependence.Varying(roots).Concat(dependence.Frontier(roots)).Concat(roots).Select(id => source.Graph.Nodes[id]).ToList();
        if (varying.Any(n => n.Op == LaneOp.Convert && !Operations.HasVectorForm(source.Graph.Nodes[n.A].Type, n.Type))) return 1;
        var types = varying.Select(n => n.Type).Concat(source.Stages.SelectMany(s => s.Reductions).Select(r => r.Type)).ToList();
        var (hasWide, hasNarrow) = (types.Exists(t => t.Size() == 8), types.Exists(t => t.Size() == 4));
        if (!hasWide) return width / 32;
        return hasNarrow && width == 128 ? 1 : width / 64;
    }
}

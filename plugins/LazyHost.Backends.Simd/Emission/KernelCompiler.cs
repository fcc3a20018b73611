using LazyHost.Backends.Simd.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>Makes code of kernels for one vector width.</summary>
internal sealed unsafe class KernelCompiler(int width)
{
    private readonly VectorMethods methods = new();

    public KernelBody Compile(Kernel kernel)
    {
        if (TransposedMap.Rewrite(kernel) is { } packed) return new TransposedMap(kernel, packed, Compile(packed)).Run;
        var source = KernelTranslator.Translate(kernel);
        var lanes = Lanes(source);
        return KernelShape.Walk(kernel) switch
        {
            KernelWalk.Map when LongMap.Split(source) is { } parts => new LongMap(kernel, [.. parts.Select(part => MapEmitter.Emit(part, methods, Lanes(part)))], parts[^1].Kernel.Accesses).Run,
            KernelWalk.Map => MapEmitter.Emit(source, methods, lanes),
            KernelWalk.Row => RowEmitter.Emit(source, methods, lanes),
            _ => ColumnEmitter.Emit(source, methods, lanes),
        };
    }

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

using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Lowering.Canonicalize;
using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Kernels;
using LazyHost.Lowering.Libraries;
using LazyHost.Lowering.Programs;
using LazyHost.Lowering.Verification;

namespace LazyHost.Lowering;

/// <summary>Lowers a graph of primitives to a <see cref="KernelProgram"/>: canonicalize, fuse, build kernels and calls, plan memory. See docs/lowering.md.</summary>
public static class ProgramLowering
{
    /// <summary>The passes over the graph, in order. Shapes come twice: folding and dot layouts leave new chains of them.</summary>
    public static IReadOnlyList<(string Name, Func<Graph, Graph> Run)> GraphPasses { get; } =
    [
        ("dead code", DeadCode.Run),
        ("dot layout", DotLayout.Run),
        ("shape simplification", ShapeSimplification.Run),
        ("constant folding", ConstantFolding.Run),
        ("algebraic simplification", AlgebraicSimplification.Run),
        ("common subexpressions", CommonSubexpressions.Run),
        ("dead code", DeadCode.Run),
    ];

    /// <summary>Lowers a graph.</summary>
    /// <param name="graph">Primitives, operators that have code of their own (<see cref="IHostKernel"/>), parameters and scalars, of fixed sizes.</param>
    /// <param name="options">Options; without fusion every node becomes a step of its own.</param>
    /// <param name="cancellationToken">Stops lowering.</param>
    /// <exception cref="UnsupportedOperatorException">A node is no primitive, and has no code of its own.</exception>
    /// <exception cref="CompilationException">A size is a symbol.</exception>
    public static KernelProgram Lower(Graph graph, CompilationOptions options, CancellationToken cancellationToken = default) =>
        Lower(graph, options, null, null, cancellationToken);

    /// <summary>Lowers a graph for a backend that has attention as one step.</summary>
    /// <param name="graph">Primitives, operators that have code of their own (<see cref="IHostKernel"/>), parameters and scalars, of fixed sizes.</param>
    /// <param name="options">Options; without fusion every node becomes a step of its own.</param>
    /// <param name="takesAttention">True for the sizes of which the backend takes an <see cref="AttentionStep"/>.</param>
    /// <param name="cancellationToken">Stops lowering.</param>
    /// <exception cref="UnsupportedOperatorException">A node is no primitive, and has no code of its own.</exception>
    /// <exception cref="CompilationException">A size is a symbol.</exception>
    public static KernelProgram Lower(Graph graph, CompilationOptions options, Func<AttentionSizes, bool> takesAttention, CancellationToken cancellationToken) =>
        Lower(graph, options, takesAttention, null, cancellationToken);

    /// <summary>Lowers a graph and shows it after each pass.</summary>
    /// <param name="graph">Primitives, operators that have code of their own (<see cref="IHostKernel"/>), parameters and scalars, of fixed sizes.</param>
    /// <param name="options">Options; without fusion every node becomes a step of its own.</param>
    /// <param name="afterPass">Called with the name of each graph pass and the graph it left.</param>
    /// <param name="cancellationToken">Stops lowering.</param>
    /// <exception cref="UnsupportedOperatorException">A node is no primitive, and has no code of its own.</exception>
    /// <exception cref="CompilationException">A size is a symbol.</exception>
    public static KernelProgram Lower(Graph graph, CompilationOptions options, Action<string, Graph> afterPass, CancellationToken cancellationToken) =>
        Lower(graph, options, null, afterPass, cancellationToken);

    private static KernelProgram Lower(
        Graph graph, CompilationOptions options, Func<AttentionSizes, bool>? takesAttention, Action<string, Graph>? afterPass, CancellationToken cancellationToken)
    {
        Require(graph);
        GraphVerifier.Debug(graph, "input");
        foreach (var (name, run) in GraphPasses)
        {
            cancellationToken.ThrowIfCancellationRequested();
            graph = run(graph);
            GraphVerifier.Debug(graph, name);
            afterPass?.Invoke(name, graph);
        }
        var plan = FusionPlanner.Run(graph, options.Fusion, takesAttention, cancellationToken);
        var program = ProgramBuilder.Run(graph, plan, cancellationToken);
        ProgramVerifier.Debug(program);
        return program;
    }

    private static void Require(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Form is not (Primitive or IHostKernel) && !Kinds.IsInput(node))
                throw new UnsupportedOperatorException($"{node.Form.Name} is no primitive; decompose it before lowering").At(node.Form.Name, node.CallSite);
            foreach (var type in node.Types)
                if (type.Shape.IsSymbolic)
                    throw new CompilationException($"{type} has a size that is a symbol; lowering takes fixed sizes").At(node.Form.Name, node.CallSite);
        }
    }
}

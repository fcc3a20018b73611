using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>Runs a graph of primitives as they are defined; what a backend is compared with.</summary>
/// <param name="graph">The graph.</param>
/// <param name="inputs">The packed elements of each parameter.</param>
/// <param name="scalars">The scalar block, as <see cref="InputForms.Scalar"/> describes it.</param>
/// <returns>The packed elements of each root.</returns>
public delegate byte[][] Oracle(Graph graph, IReadOnlyList<byte[]> inputs, IReadOnlyList<long> scalars);

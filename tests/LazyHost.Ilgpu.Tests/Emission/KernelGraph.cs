using LazyHost.IR;

namespace LazyHost.Ilgpu.Tests.Emission;

/// <summary>A graph with what it runs on.</summary>
internal sealed record KernelGraph(Graph Graph, byte[][] Inputs, long[] Scalars, Tolerance? Tolerance = null, bool HasAttention = false);

using LazyHost.IR;

namespace LazyHost;

/// <summary>A piece of a graph that one device runs.</summary>
/// <param name="Device">The device.</param>
/// <param name="Graph">Its operators, with parameters and scalars in the order of their first use and one root for each value that leaves it.</param>
/// <param name="Inputs">The values of the whole graph its parameters stand for.</param>
/// <param name="Outputs">The values of the whole graph its roots stand for.</param>
/// <param name="Scalars">The slots of the whole graph's scalar block its own slots stand for.</param>
internal sealed record GraphPart(Device Device, Graph Graph, Value[] Inputs, Value[] Outputs, int[] Scalars)
{
    /// <summary>Its nodes that compute something.</summary>
    public IEnumerable<Node> Operators => Graph.Nodes.ToArray().Where(node => node.Form != InputForms.Parameter && node.Form != InputForms.Scalar);
}

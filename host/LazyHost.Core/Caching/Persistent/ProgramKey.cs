using LazyHost.Backends;
using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// The key of a program on disk, the same in every process: kind, fingerprint and name of the device, compile options, and the lowered graph with operators by
/// name, and where they are no primitives by the build of their assembly. Every list and text has its length before it, so that different graphs never give the same bytes.
/// </summary>
internal static class ProgramKey
{
    public static byte[] Of(Device device, Graph graph, CompilationOptions options)
    {
        using var stream = new MemoryStream();
        using var to = new BinaryWriter(stream);
        to.Write(device.Id.Kind);
        to.Write(device.Host.Fingerprint);
        to.Write(device.Description.Name);
        to.Write(options.ToString());
        to.Write(graph.Nodes.Length);
        foreach (var node in graph.Nodes)
        {
            to.Write(node.Form.Name);
            // An operator that a backend takes whole may bring code of its own, which another build may have changed.
            if (node.Form is not Primitive) to.Write(node.Form.GetType().Module.ModuleVersionId.ToByteArray());
            Write(to, node.Operands);
            to.Write(node.Attributes.Words.Length);
            foreach (var word in node.Attributes.Words) to.Write(word);
            to.Write(node.Types.Length);
            foreach (var type in node.Types) Write(to, type);
        }
        Write(to, graph.Roots);
        to.Flush();
        return stream.ToArray();
    }

    private static void Write(BinaryWriter to, ReadOnlySpan<Value> values)
    {
        to.Write(values.Length);
        foreach (var value in values)
        {
            to.Write(value.Node);
            to.Write(value.Output);
        }
    }

    private static void Write(BinaryWriter to, TensorType type)
    {
        to.Write((byte)type.DType);
        to.Write(type.Shape.Rank);
        for (var i = 0; i < type.Shape.Rank; i++)
        {
            to.Write(type.Shape.Dim(i).Size);
            to.Write(type.Shape.Dim(i).Symbol);
        }
    }
}

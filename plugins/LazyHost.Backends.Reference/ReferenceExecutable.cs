using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>A graph, to be interpreted. It holds nothing but the graph, so that runs may overlap and disposing it frees nothing.</summary>
internal sealed class ReferenceExecutable(Graph graph) : IExecutable
{
    // A node object with its operands, attributes and types is about this large.
    private const int BytesPerNode = 256;

    public long WorkspaceBytes => 0;

    public long EstimatedOperations { get; } = CountOperations(graph);

    public int KernelCount { get; } = CountKernels(graph);

    public long ProgramBytes => (long)graph.Nodes.Length * BytesPerNode;

    public IReadOnlyList<AliasPair> MayAlias => [];

    public string Dump() => graph.ToString();

    public void Dispose() { }

    public void Run(ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        if (arguments.Inputs.Length != graph.Parameters.Count || arguments.Outputs.Length != graph.Roots.Length)
            throw new ExecutionException($"the program takes {graph.Parameters.Count} inputs and gives {graph.Roots.Length} outputs, but was given {arguments.Inputs.Length} and {arguments.Outputs.Length} buffers");
        var inputs = new byte[arguments.Inputs.Length][];
        for (var i = 0; i < inputs.Length; i++) inputs[i] = HostBuffer.From(arguments.Inputs[i]).Bytes;
        var results = ReferenceInterpreter.Run(graph, inputs, arguments.Scalars, cancellationToken);
        for (var i = 0; i < results.Length; i++) RequireRoom(i, arguments.Outputs[i], results[i].Length);
        for (var i = 0; i < results.Length; i++) results[i].CopyTo(HostBuffer.From(arguments.Outputs[i]).Bytes, 0);
    }

    private static void RequireRoom(int output, IDeviceBuffer buffer, long byteSize)
    {
        if (HostBuffer.From(buffer).ByteSize < byteSize) throw new ExecutionException($"output {output} needs {byteSize} bytes but its buffer has {buffer.ByteSize}");
    }

    private static int CountKernels(Graph graph)
    {
        var count = 0;
        foreach (var node in graph.Nodes) if (node.Form is Primitive) count++;
        return count;
    }

    private static long CountOperations(Graph graph)
    {
        long count = 0;
        foreach (var node in graph.Nodes)
        {
            if (node.Form is not Primitive) continue;
            long elements = node.Type.Shape.ElementCount;
            foreach (var operand in node.Operands) elements = Math.Max(elements, graph.TypeOf(operand).Shape.ElementCount);
            count += elements;
        }
        return count;
    }
}

using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>
/// Runs graphs of primitives one node after the other over managed memory, through <see cref="ReferenceInterpreter"/>: slow, obvious, right. It has one device,
/// <c>reference:0</c>; runs complete before <see cref="ExecuteAsync"/> returns, and may overlap on several threads.
/// </summary>
public sealed class ReferenceBackend : IBackend
{
    private readonly MemoryAccount memory = new();

    /// <inheritdoc/>
    public string Kind => "reference";

    /// <inheritdoc/>
    public string Fingerprint => "reference/1";

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> Devices { get; } =
        [new("Reference interpreter", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, new Dictionary<string, string> { ["Execution"] = "one node after the other, on the caller's thread" })];

    /// <summary>Whole for every primitive but custom calls, in the element types its form allows and with fixed sizes; Decompose for every other operator.</summary>
    public Capability Query(in OperatorQuery query)
    {
        foreach (var type in query.Operands) if (type.Shape.IsSymbolic) return Capability.No;
        foreach (var type in query.Outputs) if (type.Shape.IsSymbolic) return Capability.No;
        if (query.Form == InputForms.Parameter || query.Form == InputForms.Scalar) return Capability.Whole;
        if (query.Form is not Primitive primitive) return Capability.Decompose;
        var allowed = query.Operands.IsEmpty || primitive.DTypes.Contains(query.Operands[0].DType);
        return allowed && primitive.Kind != PrimitiveKind.CustomCall ? Capability.Whole : Capability.No;
    }

    /// <inheritdoc/>
    public IDeviceBuffer Allocate(int ordinal, long byteSize)
    {
        RequireDevice(ordinal);
        return new HostBuffer(byteSize, memory);
    }

    /// <inheritdoc/>
    public ValueTask CopyFromHostAsync(ReadOnlyMemory<byte> source, IDeviceBuffer destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        source.Span.CopyTo(HostBuffer.From(destination).Span(source.Length));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CopyToHostAsync(IDeviceBuffer source, Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HostBuffer.From(source).Span(destination.Length).CopyTo(destination.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CopyAsync(IDeviceBuffer source, IDeviceBuffer destination, long byteSize, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HostBuffer.From(source).Span(byteSize).CopyTo(HostBuffer.From(destination).Span(byteSize));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    /// <exception cref="UnsupportedOperatorException">A node is neither an input nor a primitive it can run.</exception>
    public ValueTask<IExecutable> CompileAsync(LoweringContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireDevice(context.Device.Ordinal);
        foreach (var node in context.Graph.Nodes) RequireSupported(context.Graph, node);
        return ValueTask.FromResult<IExecutable>(new ReferenceExecutable(context.Graph));
    }

    /// <inheritdoc/>
    /// <exception cref="ExecutionException">The arguments do not fit the program.</exception>
    public ValueTask ExecuteAsync(IExecutable executable, ExecutionArguments arguments, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireDevice(arguments.Ordinal);
        if (executable is not ReferenceExecutable program) throw new ExecutionException($"{executable.GetType().Name} was not compiled by the reference backend");
        program.Run(arguments, cancellationToken);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public MemoryStatistics GetMemoryStatistics(int ordinal)
    {
        RequireDevice(ordinal);
        return memory.Statistics;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void RequireDevice(int ordinal)
    {
        if (ordinal != 0) throw new UnknownDeviceException($"there is no device reference:{ordinal}; the reference backend has reference:0 alone");
    }

    private void RequireSupported(Graph graph, Node node)
    {
        var operands = new TensorType[node.Operands.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = graph.TypeOf(node.Operands[i]);
        if (Query(new OperatorQuery(node.Form, node.Attributes, operands, node.Types)) != Capability.Whole)
            throw new UnsupportedOperatorException($"the reference backend runs primitives of fixed sizes only; decompose {node} first").At(node.Form.Name, node.CallSite);
    }
}

using LazyHost.Backends;
using LazyHost.IR;
using Microsoft.Extensions.Logging.Abstractions;

namespace LazyHost.Contract;

/// <summary>Runs graphs on the backend under test, and on the oracle.</summary>
internal sealed class Harness(IBackend backend, Oracle oracle, CancellationToken cancellationToken)
{
    /// <summary>What result buffers hold before a run, so that an element nobody wrote is seen.</summary>
    public const byte Untouched = 0xA5;

    public IBackend Backend { get; } = backend;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The first node of a decomposed graph that the backend does not run as it is, or null.</summary>
    public Node? FirstRefused(Graph graph)
    {
        foreach (var node in graph.Nodes)
        {
            if (node.Form == InputForms.Parameter || node.Form == InputForms.Scalar) continue;
            var operands = new TensorType[node.Operands.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = graph.TypeOf(node.Operands[i]);
            if (Backend.Query(new OperatorQuery(node.Form, node.Attributes, operands, node.Types)) != Capability.Whole) return node;
        }
        return null;
    }

    /// <summary>What the graph gives by definition.</summary>
    public Elements[] Expect(Graph graph, IReadOnlyList<Elements> inputs, params long[] scalars) =>
        Results(graph, oracle(graph, [.. inputs.Select(input => input.Bytes)], scalars));

    public async Task<IExecutable> CompileAsync(Graph graph, CompilationOptions? options = null) =>
        await Backend.CompileAsync(Context(graph, options), CancellationToken).ConfigureAwait(false);

    public LoweringContext Context(Graph graph, CompilationOptions? options = null) =>
        new("contract", new(Backend.Kind, 0), graph, options ?? CompilationOptions.Default, NullLogger.Instance);

    /// <summary>Compiles, runs once and fetches the results.</summary>
    public async Task<Elements[]> RunAsync(Graph graph, IReadOnlyList<Elements> inputs, long[]? scalars = null, CompilationOptions? options = null)
    {
        using var executable = await CompileAsync(graph, options).ConfigureAwait(false);
        return await RunAsync(executable, graph, inputs, scalars).ConfigureAwait(false);
    }

    /// <summary>Runs once with buffers of its own and fetches the results.</summary>
    public async Task<Elements[]> RunAsync(IExecutable executable, Graph graph, IReadOnlyList<Elements> inputs, long[]? scalars = null)
    {
        using var run = await PrepareAsync(executable, graph, inputs, scalars).ConfigureAwait(false);
        await run.ExecuteAsync().ConfigureAwait(false);
        return await run.FetchAsync().ConfigureAwait(false);
    }

    /// <summary>Allocates and fills the buffers of one run.</summary>
    public async Task<PreparedRun> PrepareAsync(IExecutable executable, Graph graph, IReadOnlyList<Elements> inputs, long[]? scalars = null)
    {
        var run = new PreparedRun(this, executable, graph, scalars ?? []);
        try { await run.FillAsync(inputs).ConfigureAwait(false); }
        catch { run.Dispose(); throw; }
        return run;
    }

    /// <summary>A buffer holding the bytes.</summary>
    public async Task<IDeviceBuffer> UploadAsync(ReadOnlyMemory<byte> bytes)
    {
        var buffer = Backend.Allocate(0, bytes.Length);
        try { await Backend.CopyFromHostAsync(bytes, buffer, CancellationToken).ConfigureAwait(false); }
        catch { buffer.Dispose(); throw; }
        return buffer;
    }

    public async Task<byte[]> DownloadAsync(IDeviceBuffer buffer, long byteSize)
    {
        var bytes = new byte[byteSize];
        await Backend.CopyToHostAsync(buffer, bytes, CancellationToken).ConfigureAwait(false);
        return bytes;
    }

    private static Elements[] Results(Graph graph, byte[][] results)
    {
        var elements = new Elements[results.Length];
        for (var i = 0; i < results.Length; i++) elements[i] = new(graph.TypeOf(graph.Roots[i]), results[i]);
        return elements;
    }
}

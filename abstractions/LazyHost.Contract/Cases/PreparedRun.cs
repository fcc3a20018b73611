using LazyHost.Backends;
using LazyHost.IR;

namespace LazyHost.Contract;

/// <summary>The buffers of one run.</summary>
internal sealed class PreparedRun(Harness harness, IExecutable executable, Graph graph, long[] scalars) : IDisposable
{
    private readonly List<IDeviceBuffer> owned = [];

    public ExecutionArguments Arguments { get; } = new() { Scalars = scalars };

    /// <summary>Uploads the inputs, fills the outputs with a pattern and allocates the workspace.</summary>
    public async Task FillAsync(IReadOnlyList<Elements> inputs)
    {
        Arguments.Inputs = new IDeviceBuffer[inputs.Count];
        for (var i = 0; i < inputs.Count; i++) owned.Add(Arguments.Inputs[i] = await harness.UploadAsync(inputs[i].Bytes).ConfigureAwait(false));
        Arguments.Outputs = new IDeviceBuffer[graph.Roots.Length];
        for (var i = 0; i < Arguments.Outputs.Length; i++)
        {
            var pattern = new byte[graph.TypeOf(graph.Roots[i]).ByteSize];
            Array.Fill(pattern, Harness.Untouched);
            owned.Add(Arguments.Outputs[i] = await harness.UploadAsync(pattern).ConfigureAwait(false));
        }
        if (executable.WorkspaceBytes > 0) owned.Add(Arguments.Workspace = harness.Backend.Allocate(0, executable.WorkspaceBytes));
    }

    public async Task ExecuteAsync() => await harness.Backend.ExecuteAsync(executable, Arguments, harness.CancellationToken).ConfigureAwait(false);

    public async Task<Elements[]> FetchAsync()
    {
        var results = new Elements[Arguments.Outputs.Length];
        for (var i = 0; i < results.Length; i++)
        {
            var type = graph.TypeOf(graph.Roots[i]);
            results[i] = new(type, await harness.DownloadAsync(Arguments.Outputs[i], type.ByteSize).ConfigureAwait(false));
        }
        return results;
    }

    public void Dispose()
    {
        foreach (var buffer in owned) buffer.Dispose();
        owned.Clear();
    }
}

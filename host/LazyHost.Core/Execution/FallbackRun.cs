using LazyHost.Backends;

namespace LazyHost;

/// <summary>Runs a program on a device of the fallback chain: inputs are copied there through the host, outputs back.</summary>
internal static class FallbackRun
{
    public static void Execute(Async run)
    {
        var there = run.Computation.Host.Backend;
        var here = run.Device.Host.Backend;
        var buffers = new List<IDeviceBuffer>();
        IDeviceBuffer Take(long byteSize)
        {
            buffers.Add(there.Allocate(0, Math.Max(1, byteSize)));
            return buffers[^1];
        }
        try
        {
            var inputs = new IDeviceBuffer[run.Inputs.Length];
            for (var i = 0; i < inputs.Length; i++)
            {
                var bytes = new byte[run.Inputs[i].Type.ByteSize];
                inputs[i] = Take(bytes.Length);
                Wait(here.CopyToHostAsync(run.Inputs[i].Handle!.Buffer, bytes, CancellationToken.None));
                Wait(there.CopyFromHostAsync(bytes, inputs[i], CancellationToken.None));
            }
            var outputs = Array.ConvertAll(run.Outputs, o => Take(o.Type.ByteSize));
            var workspace = run.Computation.WorkspaceBytes > 0 ? Take(run.Computation.WorkspaceBytes) : null;
            Wait(there.ExecuteAsync(run.Computation.Executable, new() { Inputs = inputs, Outputs = outputs, Workspace = workspace, Scalars = run.Scalars }, CancellationToken.None));
            for (var i = 0; i < outputs.Length; i++)
            {
                var bytes = new byte[run.Outputs[i].Type.ByteSize];
                Wait(there.CopyToHostAsync(outputs[i], bytes, CancellationToken.None));
                Wait(here.CopyFromHostAsync(bytes, run.Outputs[i].Handle!.Buffer, CancellationToken.None));
            }
        }
        finally
        {
            foreach (var buffer in buffers) buffer.Dispose();
        }
    }

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }
}

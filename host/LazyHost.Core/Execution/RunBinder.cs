using LazyHost.IR;

namespace LazyHost;

/// <summary>Binds a program to buffers: inputs on the device, fresh outputs, a workspace, and a place in the queue. Undoes everything where one part fails.</summary>
internal static class RunBinder
{
    public static Async Bind(Segment segment, Recording recording, CachedComputation cached, List<Value> roots, CancellationToken cancellationToken, out bool inline)
    {
        var device = segment.Device;
        var computation = cached.Computation;
        var inputs = recording.Inputs.ToArray();
        var owned = new List<DeviceData>();
        var buffers = new List<BufferHandle>();
        try
        {
            foreach (var input in inputs) input.RequirePresent();
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i].Managed is not null && inputs[i].Handle is null)
                {
                    inputs[i] = device.DataCache.Copy(inputs[i], cancellationToken);
                    owned.Add(inputs[i]);
                }
            foreach (var root in roots)
            {
                var type = recording.TypeOf(root);
                buffers.Add(device.Memory.Allocate(type, Math.Max(1, type.ByteSize)));
            }
            if (computation.WorkspaceBytes > 0 && computation.Host == device.Host)
                buffers.Add(device.Memory.Allocate(new(DType.UInt8, Shape.Create([computation.WorkspaceBytes])), computation.WorkspaceBytes));
            inline = device.Queue.Reserve(computation, inputs, cancellationToken);
        }
        catch
        {
            foreach (var copy in owned) copy.Unpin();
            foreach (var buffer in buffers) buffer.Release();
            computation.Unuse();
            throw;
        }
        // The recorded inputs were pinned for the segment; those replaced by a copy are needed no more.
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i] != recording.Inputs[i]) recording.Inputs[i].Unpin();
        var run = new Async(device, computation, inputs, [.. recording.Scalars], device.Context.Steps)
        {
            Workspace = buffers.Count > roots.Count ? buffers[^1] : null,
            CallSite = recording.Nodes[roots[^1].Node].Site,
        };
        run.Outputs = new DeviceData[roots.Count];
        for (var i = 0; i < roots.Count; i++) run.Outputs[i] = DeviceData.Placeholder(device, recording.TypeOf(roots[i]), buffers[i], run);
        return run;
    }
}

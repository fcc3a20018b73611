using LazyHost.IR;

namespace LazyHost;

/// <summary>Binds a program to buffers: inputs on the device, fresh outputs, a workspace, and a place in the queue. Undoes everything where one part fails.</summary>
internal static class RunBinder
{
    public static Async Bind(Segment segment, Recording recording, CachedComputation cached, CancellationToken cancellationToken, out bool inline)
    {
        var device = segment.Device;
        var computation = cached.Computation;
        var roots = cached.Roots;
        var inputs = recording.Inputs.ToArray();
        var buffers = new BufferHandle?[roots.Length + 1];
        try
        {
            foreach (var input in inputs)
                if (input.Handle is null && input.Managed is null) input.RequirePresent(); // the others were pinned when they were recorded
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i].Managed is not null && inputs[i].Handle is null)
                    inputs[i] = device.DataCache.Copy(inputs[i], cancellationToken);
            for (var i = 0; i < roots.Length; i++)
            {
                var type = recording.TypeOf(roots[i]);
                WaitForRoom(device, type.ByteSize, cancellationToken);
                buffers[i] = IsShortLived(recording, roots[i], type) ? device.Memory.RentSmall(type) : device.Memory.Allocate(type, Math.Max(1, type.ByteSize));
            }
            WaitForRoom(device, computation.WorkspaceBytes, cancellationToken);
            if (computation.WorkspaceBytes > 0)
                buffers[^1] = device.Memory.Allocate(new(DType.UInt8, Shape.Create([computation.WorkspaceBytes])), computation.WorkspaceBytes);
            inline = device.Queue.Reserve(computation, inputs, cancellationToken);
        }
        catch
        {
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i] != recording.Inputs[i]) inputs[i].Unpin();
            foreach (var buffer in buffers) buffer?.Release();
            computation.Unuse();
            throw;
        }
        // The recorded inputs were pinned for the segment; those replaced by a copy are needed no more.
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i] != recording.Inputs[i]) recording.Inputs[i].Unpin();
        var last = roots[^1].Node;
        var site = recording.SiteOf(last);
        while (recording.Nodes[last].Form == Operators.Detach.Form) last = recording.Operands[recording.Nodes[last].Operands].Node;
        var run = new Async(device, computation, inputs, recording.Scalars.ToArray(), segment.Tape.CurrentStep)
        {
            Workspace = buffers[^1],
            Nodes = recording.Count,
            Trace = Instrumentation.Current,
            Operator = recording.Nodes[last].Form.Name,
            CallSite = recording.SiteOf(last) ?? site,
        };
        run.Outputs = new DeviceData[roots.Length];
        for (var i = 0; i < roots.Length; i++) run.Outputs[i] = DeviceData.Placeholder(recording.TypeOf(roots[i]), buffers[i]!, run);
        return run;
    }

    /// <summary>Where there is no room in the budget, runs under way may give some back.</summary>
    private static void WaitForRoom(Device device, long byteSize, CancellationToken cancellationToken)
    {
        if (device.Memory.InUse + byteSize > device.Memory.Budget) device.Queue.WaitForRuns(cancellationToken);
    }

    /// <summary>True for a value that leaves the device when its run completes: its buffer comes from a small pool and goes back there.</summary>
    private static bool IsShortLived(Recording recording, Value root, TensorType type) =>
        type.ByteSize <= DeviceData.ManagedLimit && (recording.Nodes[root.Node].Flags & NodeFlags.Variable) == 0;
}

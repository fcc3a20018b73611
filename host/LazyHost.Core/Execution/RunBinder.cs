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
        var node = 0; // what a failure is the failure of
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                node = -1 - i;
                if (inputs[i].Handle is null && inputs[i].Managed is null) inputs[i].RequirePresent(); // the others were pinned when they were recorded
            }
            for (var i = 0; i < inputs.Length; i++)
            {
                node = -1 - i;
                if (inputs[i].Managed is not null && inputs[i].Handle is null) inputs[i] = device.DataCache.Copy(inputs[i], cancellationToken);
            }
            for (var i = 0; i < roots.Length; i++)
            {
                node = roots[i].Node;
                var type = recording.TypeOf(roots[i]);
                WaitForRoom(device, type.ByteSize, cancellationToken);
                buffers[i] = IsShortLived(recording, roots[i], type) ? device.Memory.RentSmall(type, mayCollect: false)
                    : device.Memory.Allocate(type, Math.Max(1, type.ByteSize), mayCollect: false);
            }
            WaitForRoom(device, computation.WorkspaceBytes, cancellationToken);
            if (computation.WorkspaceBytes > 0)
                buffers[^1] = device.Memory.Allocate(new(DType.UInt8, Shape.Create([computation.WorkspaceBytes])), computation.WorkspaceBytes, mayCollect: false);
            inline = device.Queue.Reserve(computation, inputs, cancellationToken);
        }
        catch (Exception e)
        {
            if (e is DeviceMemoryException or ExpiredValueException) Name((LazyHostException)e, recording, node);
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i] != recording.Inputs[i]) inputs[i].Unpin();
            foreach (var buffer in buffers) buffer?.Release();
            computation.Unuse();
            throw;
        }
        // The recorded inputs were pinned for the segment; those replaced by a copy are needed no more.
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i] != recording.Inputs[i]) recording.Inputs[i].Unpin();
        var (name, site) = Origin(recording, roots[^1].Node);
        var run = new Async(device, computation, inputs, recording.Scalars.ToArray(), segment.Tape.CurrentStep)
        {
            Workspace = buffers[^1],
            Nodes = recording.Count,
            Trace = Instrumentation.Current,
            Operator = name,
            CallSite = site,
        };
        run.Outputs = new DeviceData[roots.Length];
        for (var i = 0; i < roots.Length; i++) run.Outputs[i] = DeviceData.Placeholder(recording.TypeOf(roots[i]), buffers[i]!, run);
        return run;
    }

    /// <summary>The operator that a node's value is that of, for messages, and where it was recorded: not the assignment of it to a parameter.</summary>
    private static (string Operator, CallSite? Site) Origin(Recording recording, int node)
    {
        var site = recording.SiteOf(node);
        while (recording.Nodes[node].Form == Operators.Detach.Form) node = recording.Operands[recording.Nodes[node].Operands].Node;
        return (recording.Nodes[node].Form.Name, recording.SiteOf(node) ?? site);
    }

    /// <summary>Says in an error what it is the failure of: a node, or, as -1 - n, input n.</summary>
    private static void Name(LazyHostException error, Recording recording, int node)
    {
        var (name, site) = Origin(recording, node >= 0 ? node : FirstUse(recording, -1 - node));
        error.At(name, site);
    }

    /// <summary>The first node that takes an input.</summary>
    private static int FirstUse(Recording recording, int input)
    {
        var parameter = Array.FindIndex(recording.Nodes, 0, recording.Count, n => n.Form == InputForms.Parameter && n.Slot == input);
        return Array.FindIndex(recording.Nodes, parameter, recording.Count - parameter, n => recording.OperandsOf(n).Contains(new Value(parameter))) is >= 0 and var user ? user : parameter;
    }

    /// <summary>Where there is no room in the budget, runs under way may give some back.</summary>
    public static void WaitForRoom(Device device, long byteSize, CancellationToken cancellationToken)
    {
        if (device.Memory.InUse + byteSize > device.Memory.Budget) device.Queue.WaitForRuns(cancellationToken);
    }

    /// <summary>True for a value that leaves the device when its run completes: its buffer comes from a small pool and goes back there.</summary>
    private static bool IsShortLived(Recording recording, Value root, TensorType type) =>
        type.ByteSize <= DeviceData.ManagedLimit && (recording.Nodes[root.Node].Flags & NodeFlags.Variable) == 0;
}

using LazyHost.Backends;

namespace LazyHost;

/// <summary>Runs a program of any kind on given buffers, on the thread that holds its devices. Workspaces are its own.</summary>
internal static class ProgramRun
{
    public static void Execute(Device device, Computation computation, BufferHandle[] inputs, BufferHandle[] outputs, long[] scalars)
    {
        if (computation.Loop is { } loop)
        {
            new LoopRun(device, loop, inputs, scalars).Execute(outputs);
            return;
        }
        if (computation.Parts is { } parts)
        {
            PartitionedRun.Execute(device, parts, inputs, outputs, scalars);
            return;
        }
        BufferHandle? workspace = null;
        try
        {
            var bytes = computation.WorkspaceBytes;
            if (bytes > 0) workspace = device.Memory.Allocate(new(DType.UInt8, Shape.Create([bytes])), bytes);
            var arguments = new ExecutionArguments
            {
                Ordinal = device.Id.Ordinal,
                Inputs = Array.ConvertAll(inputs, static i => i.Buffer),
                Outputs = Array.ConvertAll(outputs, static o => o.Buffer),
                Workspace = workspace?.Buffer,
                Scalars = scalars,
            };
            Wait(device.Host.Backend.ExecuteAsync(computation.Executable, arguments, CancellationToken.None));
        }
        finally { workspace?.Release(); }
    }

    public static void Wait(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully) task.AsTask().GetAwaiter().GetResult();
    }
}

using LazyHost.Backends;

namespace LazyHost;

/// <summary>What one run of a captured function needs while it runs, kept for the next: arguments of the backend, a workspace, pinned inputs.</summary>
internal sealed class ReplayFrame(CapturedProgram program)
{
    private readonly DeviceData?[] uploaded = new DeviceData?[program.Inputs.Length];
    private readonly DeviceData?[] copies = new DeviceData?[program.Inputs.Length];

    public ExecutionArguments Arguments { get; } = new()
    {
        Ordinal = program.Device.Id.Ordinal,
        Inputs = new IDeviceBuffer[program.Inputs.Length],
        Outputs = new IDeviceBuffer[program.OutputTypes.Length],
        Scalars = [.. program.Scalars],
    };

    /// <summary>The pinned inputs of the run, by slot.</summary>
    public DeviceData?[] Inputs { get; } = new DeviceData?[program.Inputs.Length];

    /// <summary>By result: the caller's value that is written over, pinned, or null.</summary>
    public DeviceData?[] Claimed { get; } = new DeviceData?[program.ResultCount];

    /// <summary>By result: a buffer made for it, or null.</summary>
    public BufferHandle?[] Fresh { get; } = new BufferHandle?[program.ResultCount];

    /// <summary>The results, once the run is over or handed over.</summary>
    public DeviceData[] Results { get; } = new DeviceData[program.ResultCount];

    public BufferHandle? Workspace { get; set; }

    /// <summary>Pins the value a tensor has now as an input. False where it has none yet, or none any more.</summary>
    public bool TryBind(int slot, Tensor tensor)
    {
        if (tensor is TensorView { IsStale: true } || tensor.Where().Data is not { Producer: null } data) return false;
        if (data.Managed is not null) return BindCopy(slot, data);
        if (!data.Pin() || data.Handle is not { } handle)
        {
            data.Unpin();
            return false;
        }
        Inputs[slot] = data;
        Arguments.Inputs[slot] = handle.Buffer;
        return true;
    }

    /// <summary>Lets go of everything of a run but its results.</summary>
    public void Clear()
    {
        for (var i = 0; i < Inputs.Length; i++)
        {
            Inputs[i]?.Unpin();
            Inputs[i] = null;
        }
        Array.Clear(Arguments.Inputs);
        Array.Clear(Arguments.Outputs);
        Arguments.Workspace = null; // a buffer of the plugin's
        Array.Clear(Claimed);
        Array.Clear(Fresh);
    }

    private bool BindCopy(int slot, DeviceData data)
    {
        // The same value as in the run before: its copy is still there, unless the data cache has dropped it.
        if (uploaded[slot] != data || copies[slot] is not { } copy || !Take(copy))
        {
            copy = program.Device.DataCache.Copy(data, CancellationToken.None);
            (uploaded[slot], copies[slot]) = (data, copy);
        }
        Inputs[slot] = copy;
        Arguments.Inputs[slot] = copy.Handle!.Buffer;
        return true;

        static bool Take(DeviceData copy)
        {
            if (copy.Pin() && copy.Handle is not null) return true;
            copy.Unpin();
            return false;
        }
    }
}

namespace LazyHost.Backends;

/// <summary>The arguments of one run. The backend must not keep them after the run.</summary>
public sealed class ExecutionArguments
{
    /// <summary>The ordinal of the device.</summary>
    public int Ordinal { get; set; }

    /// <summary>One buffer for each parameter slot.</summary>
    public IDeviceBuffer[] Inputs { get; set; } = [];

    /// <summary>One buffer for each root; an entry may be the buffer of an input where <see cref="IExecutable.MayAlias"/> allows it.</summary>
    public IDeviceBuffer[] Outputs { get; set; } = [];

    /// <summary>At least <see cref="IExecutable.WorkspaceBytes"/>, or null where that is 0.</summary>
    public IDeviceBuffer? Workspace { get; set; }

    /// <summary>The scalar block: 64 bits a slot, as <see cref="IR.InputForms.Scalar"/> says.</summary>
    public long[] Scalars { get; set; } = [];

    /// <summary>The sizes of the graph's symbols.</summary>
    public long[] Symbols { get; set; } = [];
}

namespace LazyHost.Lowering.Programs;

/// <summary>Runs a kernel made by an emitter.</summary>
public sealed record KernelStep(Kernel Kernel) : ProgramStep
{
    /// <inheritdoc/>
    public override long Operations => Kernel.Operations;
}

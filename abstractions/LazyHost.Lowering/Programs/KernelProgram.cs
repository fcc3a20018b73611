using LazyHost.Backends;

namespace LazyHost.Lowering.Programs;

/// <summary>What lowering makes of a graph: buffers, steps and a plan of the workspace. It knows no backend; emitters turn its kernels into code.</summary>
public sealed record KernelProgram(
    IReadOnlyList<ProgramBuffer> Buffers,
    IReadOnlyList<ProgramStep> Steps,
    long WorkspaceBytes,
    IReadOnlyList<AliasPair> MayAlias)
{
    /// <summary>The sum of the steps' operations.</summary>
    public long Operations => Steps.Sum(step => step.Operations);
}

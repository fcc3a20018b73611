using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Memory;

/// <summary>The buffers a step reads and writes; one may come several times.</summary>
internal static class StepBuffers
{
    public static IEnumerable<int> Reads(ProgramStep step) => step switch
    {
        KernelStep { Kernel: var kernel } => kernel.Expressions.Where(expression => expression.Kind == KernelExpressionKind.Load)
            .Select(expression => kernel.Accesses[expression.Index].Buffer),
        DotStep dot => [dot.A.Buffer, dot.B.Buffer],
        AttentionStep attention => attention.Reads.Select(read => read.Operand.Buffer),
        PrimitiveStep call => call.Inputs,
        OperatorStep call => call.Inputs,
        _ => throw new CompilationException($"unknown step {step.GetType().Name}"),
    };

    public static IEnumerable<int> Writes(ProgramStep step) => step switch
    {
        KernelStep { Kernel: var kernel } => kernel.Stages.SelectMany(stage => stage.Stores.Concat(stage.RowStores))
            .Select(store => kernel.Accesses[store.Access].Buffer),
        DotStep dot => [dot.C.Buffer],
        AttentionStep attention => [attention.Result.Buffer],
        PrimitiveStep call => call.Outputs,
        OperatorStep call => call.Outputs,
        _ => throw new CompilationException($"unknown step {step.GetType().Name}"),
    };
}

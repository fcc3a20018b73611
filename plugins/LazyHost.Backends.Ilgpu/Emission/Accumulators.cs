using System.Reflection.Emit;
using LazyHost.Lowering.Lanes;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>A thread's part of the reductions of a stage: one accumulator for each of the points it takes at a time.</summary>
internal sealed class Accumulators
{
    private readonly KernelWriter code;
    private readonly TranslatedStage stage;
    private readonly LocalBuilder[][] locals;

    public Accumulators(KernelWriter code, TranslatedStage stage, int copies)
    {
        (this.code, this.stage) = (code, stage);
        locals = [.. stage.Reductions.Select(r => Enumerable.Range(0, copies).Select(_ => code.Il.DeclareLocal(r.Type.ScalarElement())).ToArray())];
    }

    public void Reset()
    {
        for (var r = 0; r < locals.Length; r++)
            foreach (var local in locals[r])
            {
                Operations.Constant(code.Il, stage.Reductions[r].Type, stage.Reductions[r].Identity);
                code.Il.Emit(OpCodes.Stloc, local);
            }
    }

    /// <summary>What takes the values of so many points, and the stores at them.</summary>
    public void Emit(int copies)
    {
        var sinks = stage.Reductions.Select((reduction, r) => new Sink(reduction.Node, push =>
        {
            for (var copy = 0; copy < copies; copy++)
            {
                code.Il.Emit(OpCodes.Ldloc, locals[r][copy]);
                push(copy);
                Common.Fold(code.Il, reduction);
                code.Il.Emit(OpCodes.Stloc, locals[r][copy]);
            }
        }));
        new PointEmitter(code, Common.AlongLast(code)).Emit([.. sinks, .. stage.Stores.Select(store => Common.StoreOf(code, store, copies))], copies);
    }

    /// <summary>Folds the accumulators of each reduction, in order, into its first and gives these.</summary>
    public LocalBuilder[] Finish()
    {
        for (var r = 0; r < locals.Length; r++)
            for (var half = locals[r].Length / 2; half > 0; half /= 2)
                for (var i = 0; i < half; i++)
                {
                    code.Il.Emit(OpCodes.Ldloc, locals[r][i]);
                    code.Il.Emit(OpCodes.Ldloc, locals[r][i + half]);
                    Common.Fold(code.Il, stage.Reductions[r]);
                    code.Il.Emit(OpCodes.Stloc, locals[r][i]);
                }
        return [.. locals.Select(own => own[0])];
    }
}

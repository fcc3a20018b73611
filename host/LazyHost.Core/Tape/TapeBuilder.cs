using LazyHost.IR;

namespace LazyHost;

/// <summary>Lets gradients be recorded on a tape: their nodes are never roots by themselves.</summary>
internal sealed class TapeBuilder(Tape tape) : IrBuilder
{
    /// <summary>The place in the user's source given to the nodes that follow.</summary>
    public CallSite? Site { get; set; }

    public override TensorType TypeOf(Value value) => tape.Current.Recording!.TypeOf(value);

    public override Value Emit(OperatorForm form, ReadOnlySpan<Value> operands, Attributes attributes = default) =>
        tape.Record(form, operands, attributes, NodeFlags.None, Site?.File, Site?.Line ?? 0);
}

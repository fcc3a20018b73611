using System.Runtime.CompilerServices;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Records the gradients of this tensor with respect to every parameter it was computed from, and adds them to the parameters' <see cref="Parameter.Grad"/>.</summary>
    /// <param name="gradient">The gradient of this tensor, of its shape; ones for a scalar when null.</param>
    /// <param name="file">The caller's file, filled in by the compiler.</param>
    /// <param name="line">The caller's line, filled in by the compiler.</param>
    /// <exception cref="GradientException">Nothing it was computed from requires a gradient, it is no scalar and no gradient is given, or Backward was called before.</exception>
    public void Backward(Tensor? gradient = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var site = file is null ? (CallSite?)null : new CallSite(file, line);
        if (!RequiresGrad) throw new GradientException($"Backward of {Type}: nothing it was computed from requires a gradient").At(null, site);
        Device.Engine.CurrentFlow?.Capture?.RequireMayChange("leaves gradients in parameters", file, line);
        if (gradient is null && Shape.ElementCount != 1)
            throw new GradientException($"Backward of {Type} needs a gradient of its shape; only a tensor of one element has the default of 1").At(null, site);
        if (gradient is not null && gradient.Type != Type) throw new ShapeMismatchException($"the gradient given to Backward is {gradient.Type}; it must be {Type}").At(null, site);
        if (this is Parameter parameter)
        {
            parameter.Accumulate(gradient ?? Ones(Shape, Device, DType), file, line);
            return;
        }
        if (this is TensorView view) view.Freshen();
        if (gradient is TensorView other) other.Freshen();
        var tape = Device.Engine.FlowTape(Device);
        if (gradient is not null && !gradient.IsPendingIn(tape.Open!)) Device.Engine.Executor.Resolve(gradient, CancellationToken.None);
        var history = History(tape) ?? throw new GradientException($"Backward of {Type} for the second time: the first has let go of what it was computed from").At(null, site);
        using var noGrad = GradMode.NoGrad();
        List<(Parameter Leaf, Tensor Gradient)> results = [];
        lock (tape)
        {
            var mark = tape.Mark();
            var builder = new TapeBuilder(tape) { Site = site };
            Span<Value> seed = stackalloc Value[1];
            if (gradient is null) seed[0] = builder.Constant(Type, 1);
            else if (!tape.TryUse([gradient], seed)) throw new StepException("the gradient given to Backward was closed away by another flow; call Backward again");
            List<(Parameter Leaf, Value Gradient)> gradients;
            try { gradients = new BackwardPass(tape).Run(history.Segment, history.Value, seed[0]); }
            catch
            {
                tape.Undo(mark);
                throw;
            }
            foreach (var (leaf, value) in gradients)
            {
                var segment = tape.Current;
                var handle = new Tensor(leaf.Type, segment, value);
                ref var node = ref segment.Recording!.Nodes[value.Node];
                if (value.Output == 0) node.Handle ??= handle;
                results.Add((leaf, handle));
            }
        }
        foreach (var (leaf, handle) in results) leaf.Accumulate(handle, file, line);
        ReleaseHistory();
        tape.Recorded();
    }

    /// <summary>Where it was computed, in a segment that no other flow is still recording or closing; null where that was let go of.</summary>
    private (Segment Segment, Value Value)? History(Tape tape)
    {
        if ((flags & TensorFlags.HistoryReleased) != 0) return null;
        if (source is Segment pending && pending != tape.Open)
        {
            lock (pending)
            {
                // Whoever closes it holds it until it is closed.
            }
            if (pending.State == SegmentState.Open) Device.Engine.Executor.Close(pending.Tape, CloseReason.Use, CancellationToken.None);
            if (pending.State == SegmentState.Discarded) throw new StepException("Backward of a tensor recorded in a step that was discarded");
        }
        return source switch
        {
            Segment segment => (segment, PendingValue),
            Computed computed => (computed.Segment, computed.Value),
            _ => null,
        };
    }

    /// <summary>A view of this tensor, cut off from gradients.</summary>
    public Tensor Detach([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => View(Operators.Detach.Form, default, file, line);
}

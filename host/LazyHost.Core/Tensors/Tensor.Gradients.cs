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
        if (gradient is null && Shape.ElementCount != 1)
            throw new GradientException($"Backward of {Type} needs a gradient of its shape; only a tensor of one element has the default of 1").At(null, site);
        if (gradient is not null && gradient.Type != Type) throw new ShapeMismatchException($"the gradient given to Backward is {gradient.Type}; it must be {Type}").At(null, site);
        if (History is not { } history)
        {
            if (this is not Parameter) throw new GradientException($"Backward of {Type} for the second time: the first has let go of what it was computed from").At(null, site);
            ((Parameter)this).Accumulate(gradient ?? Ones(Shape, Device, DType), file, line);
            return;
        }
        var tape = Device.Engine.FlowTape(Device);
        if (gradient is not null && !gradient.IsPendingIn(tape.Open!)) Device.Engine.Executor.Resolve(gradient, CancellationToken.None);
        if (history.Segment.State == SegmentState.Open && history.Segment.Tape != tape) Device.Engine.Executor.Close(history.Segment.Tape, CancellationToken.None);
        using var noGrad = GradMode.NoGrad();
        List<(Parameter Leaf, Tensor Gradient)> results = [];
        lock (tape.Gate)
        {
            var builder = new TapeBuilder(tape) { Site = site };
            Span<Value> seed = stackalloc Value[1];
            if (gradient is null) seed[0] = builder.Constant(Type, 1);
            else if (!tape.TryUse([gradient], DType, seed)) throw new StepException("the gradient given to Backward was closed away by another flow; call Backward again");
            foreach (var (leaf, value) in new BackwardPass(tape).Run(history.Segment, history.Value, seed[0]))
            {
                var segment = tape.Current;
                var handle = new Tensor(Device, leaf.Type, segment, value);
                ref var node = ref segment.Recording!.Nodes[value.Node];
                if (value.Output == 0) node.Handle ??= handle;
                results.Add((leaf, handle));
            }
        }
        foreach (var (leaf, handle) in results) leaf.Accumulate(handle, file, line);
        ReleaseHistory();
    }

    /// <summary>This value, cut off from gradients.</summary>
    public Tensor Detach()
    {
        var (present, _, _) = Where();
        if (present is not null)
        {
            present.IsShared = true;
            return new(Device, Type, present);
        }
        using var noGrad = GradMode.NoGrad();
        return Apply(Operators.Reshape.Form, [this], Operators.Reshape.Encode(Shape.Sizes), null, 0);
    }
}

using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The base of operators that give x with the elements that a view chooses replaced: what an assignment through the view leaves. Operands x and source, which
/// has x's element type and the view's shape. The attributes are those of the view.
/// </summary>
public abstract class ScatterForm(string name, ShapeForm view) : OperatorForm(name, [.. view.Attributes])
{
    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public sealed override bool IsDifferentiable => true;

    /// <summary>x with the elements replaced; both operands have elements.</summary>
    protected abstract Value Put(IrBuilder builder, Value x, Value source, Attributes attributes);

    /// <summary>Checks what the view alone does not forbid.</summary>
    protected virtual void Require(Shape shape, Attributes attributes) { }

    /// <inheritdoc/>
    public sealed override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var (x, source) = (context.Operands[0], context.Operands[1]);
        view.Infer(new InferenceContext(view, [x], context.Attributes), outputs);
        Require(x.Shape, context.Attributes);
        if (source.DType != x.DType) throw new DTypeMismatchException($"the source is {source} but is put into {x}; element types must be equal");
        Rules.RequireShape(source.Shape.Equals(outputs[0].Shape), $"the source is {source} but {view.Name} of {x} is {outputs[0]}; shapes must be equal");
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public sealed override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes) =>
        [builder.ShapeOf(operands[1]).ElementCount == 0 ? operands[0] : Put(builder, operands[0], operands[1], attributes)];

    /// <summary>What was replaced has no gradient; the source has that of the places it was put.</summary>
    public sealed override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        var builder = context.Builder;
        if (context.Needs(0)) context.Set(0, builder.Emit(this, [gradient, builder.Constant(context.OperandType(1), 0)], context.Attributes));
        if (context.Needs(1)) context.Set(1, builder.Emit(view, [gradient], context.Attributes));
    }

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <summary>Samples of the view that can be written through.</summary>
    protected virtual IEnumerable<OperatorSample> ViewSamples(DType type) => view.Samples(type);

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in ViewSamples(type))
        {
            var result = new TensorType[1];
            view.Infer(new InferenceContext(view, [sample.Inputs[0].Type], sample.Attributes), result);
            yield return sample with { Inputs = [sample.Inputs[0], SampleSets.Input(type, result[0].Shape)] };
        }
    }
}

using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The gradient of <see cref="MaxPool"/>: each element of the result's gradient goes to the first greatest element of its window, in row-major order; NaN
/// counts as greatest. Operands: the pooled tensor, and the gradient of the result. Attributes of the pooling. f16 and bf16 are added in f32.
/// </summary>
public sealed class MaxPoolBackward : OperatorForm
{
    private MaxPoolBackward() : base("max_pool_backward", PoolGeometry.Specs) { }

    /// <summary>The form.</summary>
    public static MaxPoolBackward Form { get; } = new();

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (2, 2);

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes => Rules.Floats;

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs)
    {
        var x = context.Operands[0];
        Rules.RequireDType(x.DType, DTypes);
        Rules.RequireSame(x.With(PoolGeometry.Read(this, context.Attributes).Result(x)), context.Operands[1]);
        outputs[0] = x;
    }

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var type = builder.DTypeOf(operands[0]);
        var (window, strides, low, high) = PoolGeometry.Read(this, attributes).Over(builder.ShapeOf(operands[0]).Rank);
        var (x, gradient) = (builder.PrimCast(operands[0], type.ComputeType()), builder.PrimCast(operands[1], type.ComputeType()));
        var result = builder.Emit(Primitives.SelectAndScatter, [x, gradient], IR.Attributes.Of(window, strides, low, high));
        return [builder.PrimCast(result, type)];
    }

    /// <summary>The operator is linear in the gradient: its transpose takes from each window the element at the place of the maximum.</summary>
    public override void Gradient(GradientContext context)
    {
        if (context.OutputGradient() is not { } gradient) return;
        if (context.Needs(0)) context.SetZero(0);
        if (!context.Needs(1)) return;
        var builder = context.Builder;
        var geometry = PoolGeometry.Read(this, context.Attributes);
        var places = builder.Emit(ArgMax.Form, [Windows(builder, context.Operand(0), geometry, double.NegativeInfinity)], ArgReductionForm.Encode(0, true));
        var taken = builder.Gather(Windows(builder, gradient, geometry, 0), places, 0);
        context.Set(1, builder.Reshape(taken, context.OperandType(1).Shape));
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Default(type).Times(2);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in MaxPool.Form.Samples(type))
            yield return sample with { Inputs = [sample.Inputs[0],
                SampleSets.Input(type, PoolGeometry.Read(MaxPool.Form, sample.Attributes).Result(sample.Inputs[0].Type))] };
    }

    /// <summary>The elements at each place of the kernel, in row-major order, along a new first dimension.</summary>
    private static Value Windows(IrBuilder builder, Value x, PoolGeometry geometry, double padding)
    {
        var result = geometry.Result(builder.TypeOf(x));
        var rank = result.Rank;
        var (window, strides, low, high) = geometry.Over(rank);
        var padded = builder.Pad(x, padding, low, high);
        var slices = new Value[window.Aggregate(1L, (product, size) => product * size)];
        for (var k = 0; k < slices.Length; k++)
        {
            var slice = padded;
            var rest = (long)k;
            for (var i = rank - 1; i >= 0; i--)
            {
                var start = rest % window[i];
                rest /= window[i];
                slice = builder.Slice(slice, i, start, start + ((result[i] - 1) * strides[i]) + 1, strides[i]);
            }
            slices[k] = slice;
        }
        return builder.Emit(Stack.Form, slices, Stack.Encode(0));
    }
}

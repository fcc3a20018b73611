using System.Collections.Concurrent;
using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Its operands as they are, as many results: all of them are computed before one of the results is used, and no backend fuses, joins or simplifies across it. The
/// gradients of its operands are those of its results behind such a barrier. One form for each number of operands.
/// </summary>
public sealed class OptimizationBarrier : OperatorForm
{
    private static readonly ConcurrentDictionary<int, OptimizationBarrier> Forms = new();

    private readonly int count;

    private OptimizationBarrier(int count) : base("optimization_barrier") => this.count = count;

    /// <summary>The form for two operands.</summary>
    public static OptimizationBarrier Form { get; } = Of(2);

    /// <summary>The form for a number of operands, 1 at least.</summary>
    public static OptimizationBarrier Of(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Forms.GetOrAdd(count, static count => new(count));
    }

    /// <inheritdoc/>
    public override (int Least, int Most) OperandCount => (count, count);

    /// <inheritdoc/>
    public override int OutputCount => count;

    /// <inheritdoc/>
    public override bool IsPure => false;

    /// <inheritdoc/>
    public override void Infer(in InferenceContext context, Span<TensorType> outputs) => context.Operands.CopyTo(outputs);

    /// <inheritdoc/>
    public override Value[] Decompose(IrBuilder builder, ReadOnlySpan<Value> operands, Attributes attributes)
    {
        var first = builder.Emit(Primitives.Barrier, operands);
        var results = new Value[operands.Length];
        results[0] = first;
        for (var i = 1; i < results.Length; i++) results[i] = builder.Prim(Primitives.Barrier, operands[i], first);
        return results;
    }

    /// <inheritdoc/>
    public override bool IsDifferentiable => true;

    /// <inheritdoc/>
    public override void Gradient(GradientContext context)
    {
        var (places, gradients) = (new List<int>(), new List<Value>());
        for (var i = 0; i < count; i++)
        {
            if (!context.Needs(i) || context.OutputGradient(i) is not { } gradient) continue;
            places.Add(i);
            gradients.Add(gradient);
        }
        if (places.Count == 0) return;
        var after = context.Builder.Emit(Of(places.Count), gradients.ToArray());
        for (var i = 0; i < places.Count; i++) context.Set(places[i], after with { Output = i });
    }

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type) => SampleSets.Binary(type, (-2, 2), (-2, 2));
}

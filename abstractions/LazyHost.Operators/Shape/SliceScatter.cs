using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>x with the elements that <see cref="Slice"/> takes replaced by those of a source. Operands x and source; attributes as of slice.</summary>
public sealed class SliceScatter : ScatterForm
{
    private SliceScatter() : base("slice_scatter", Slice.Form) { }

    /// <summary>The form.</summary>
    public static SliceScatter Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> axes, ReadOnlySpan<long> starts, ReadOnlySpan<long> ends, ReadOnlySpan<long> steps) =>
        Slice.Encode(axes, starts, ends, steps);

    /// <summary>A choice between x and the padded source, which is one kernel unless elements are skipped.</summary>
    protected override Value Put(IrBuilder builder, Value x, Value source, Attributes attributes)
    {
        var (shape, taken) = (builder.ShapeOf(x), builder.ShapeOf(source));
        var (low, high, interior) = Slice.Form.Rest(shape, taken, attributes);
        Value? chosen = null;
        for (var i = 0; i < shape.Rank; i++)
        {
            if (taken[i] == shape[i]) continue;
            var along = builder.Pad(builder.Constant(new TensorType(DType.Bool, [taken[i]]), 1), 0, [low[i]], [high[i]], [interior[i]]);
            var within = builder.Emit(Primitives.Broadcast, [along], IR.Attributes.Of(shape, new long[] { i }));
            chosen = chosen is { } others ? builder.Prim(Primitives.And, others, within) : within;
        }
        return chosen is { } mask ? builder.PrimSelect(mask, builder.Pad(source, 0, low, high, interior), x) : source;
    }
}

using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// x with the elements that <see cref="AsStrided"/> takes replaced by those of a source. Operands x and source; attributes as of as_strided, where no element
/// may come twice.
/// </summary>
public sealed class AsStridedScatter : ScatterForm
{
    private AsStridedScatter() : base("as_strided_scatter", AsStrided.Form) { }

    /// <summary>The form.</summary>
    public static AsStridedScatter Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, long offset = 0) => AsStrided.Encode(sizes, strides, offset);

    /// <inheritdoc/>
    protected override void Require(Shape shape, Attributes attributes)
    {
        var places = new StridedPlaces(this, attributes);
        Rules.RequireAttribute(!places.Overlap(), $"sizes [{string.Join(", ", places.Sizes)}] with strides [{string.Join(", ", places.Strides)}] choose an element of " +
            $"{shape} twice, so that none of its two new values would be the right one; write to places that do not overlap");
    }

    /// <summary>A slice where the places leave no gap, else a scatter.</summary>
    protected override Value Put(IrBuilder builder, Value x, Value source, Attributes attributes)
    {
        var shape = builder.ShapeOf(x);
        var places = new StridedPlaces(this, attributes);
        var flat = builder.PrimReshape(x, [shape.ElementCount]);
        var count = builder.ShapeOf(source).ElementCount;
        if (places.Span != count) return builder.PrimReshape(builder.Emit(Primitives.Scatter, [flat, places.Indices(builder), source], IR.Attributes.Of(0, 0)), shape);
        var order = Enumerable.Range(0, places.Sizes.Length).OrderByDescending(dim => places.Sizes[dim] == 1 ? 0 : places.Strides[dim]);
        var block = builder.PrimReshape(builder.Permute(source, [.. order.Select(dim => (long)dim)]), [count]);
        var slice = SliceScatter.Encode([0], [places.Offset], [places.Offset + count], [1]);
        return builder.PrimReshape(builder.Emit(SliceScatter.Form, [flat, block], slice), shape);
    }

    /// <inheritdoc/>
    protected override IEnumerable<OperatorSample> ViewSamples(DType type) => AsStrided.Distinct(type);
}

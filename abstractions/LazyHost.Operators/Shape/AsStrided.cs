using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// Element [i, j, ...] is element offset + i * strides[0] + j * strides[1] + ... of x in row-major order. Strides are not negative; elements may come several
/// times. Attributes sizes, strides (one each per dimension of the result), offset.
/// </summary>
public sealed class AsStrided : ShapeForm
{
    private AsStrided() : base("as_strided", new("sizes", AttributeKind.Ints), new("strides", AttributeKind.Ints), new("offset", AttributeKind.Int)) { }

    /// <summary>The form.</summary>
    public static AsStrided Form { get; } = new();

    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(ReadOnlySpan<long> sizes, ReadOnlySpan<long> strides, long offset = 0) =>
        IR.Attributes.Of(sizes.ToArray(), strides.ToArray(), offset);

    /// <inheritdoc/>
    protected override Shape ResultShape(Shape shape, Attributes attributes)
    {
        var places = new StridedPlaces(this, attributes);
        places.RequireWithin(shape);
        return LazyHost.Shape.Create(places.Sizes);
    }

    /// <summary>Cuts and reshapes where each dimension lies within one stride of the next larger one, else a gather.</summary>
    protected override Value Move(IrBuilder builder, Value x, Shape to, Attributes attributes)
    {
        if (to.ElementCount == 0) return builder.Constant(builder.TypeOf(x).With(to), 0);
        var places = new StridedPlaces(this, attributes);
        var flat = builder.PrimReshape(x, [builder.ShapeOf(x).ElementCount]);
        if (places.Nested() is not { } order) return builder.Emit(Primitives.Gather, [flat, places.Indices(builder)], IR.Attributes.Of(0));
        var span = places.Span;
        var value = builder.Slice(flat, 0, places.Offset, places.Offset + span);
        var found = new List<long>();
        foreach (var dim in order)
        {
            var (size, stride) = (places.Sizes[dim], places.Strides[dim]);
            span -= (size - 1) * stride;
            var high = new long[found.Count + 1];
            high[^1] = stride - span;
            value = builder.Pad(value, 0, new long[high.Length], high);
            value = builder.Slice(builder.PrimReshape(value, LazyHost.Shape.Create([.. found, size, stride])), -1, 0, span);
            found.Add(size);
        }
        int[] rising = [.. order.Order()];
        value = builder.PrimReshape(value, LazyHost.Shape.Create(found.ToArray()));
        value = builder.Permute(value, Array.ConvertAll(rising, dim => (long)Array.IndexOf(order, dim)));
        return builder.ShapeOf(value).Equals(to) ? value
            : builder.Emit(Primitives.Broadcast, [value], IR.Attributes.Of(to, Array.ConvertAll(rising, dim => (long)dim)));
    }

    /// <summary>An element that comes several times gets the sum of its gradients.</summary>
    protected override Value Gradient(GradientContext context, Value gradient)
    {
        var (builder, type) = (context.Builder, context.OperandType(0));
        var places = new StridedPlaces(this, context.Attributes);
        if (!places.Overlap()) return builder.Emit(AsStridedScatter.Form, [builder.Constant(type, 0), gradient], context.Attributes);
        var zeros = builder.Constant(new TensorType(type.DType, [type.Shape.ElementCount]), 0);
        return builder.Reshape(builder.IndexAdd(zeros, places.Indices(builder), gradient, 0), type.Shape);
    }

    /// <inheritdoc/>
    public override Value? WriteThrough(IrBuilder builder, Value viewed, Value written, Attributes attributes) =>
        new StridedPlaces(this, attributes).Overlap() ? null : builder.Emit(AsStridedScatter.Form, [viewed, written], attributes);

    /// <inheritdoc/>
    public override IEnumerable<OperatorSample> Samples(DType type)
    {
        foreach (var sample in Distinct(type)) yield return sample;
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [11])], Encode([9, 3], [1, 1]));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [7])], Encode([2, 3, 2], [3, 0, 1], 1));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [1025])], Encode([1017, 9], [1, 1]));
    }

    /// <summary>Samples in which no element comes twice.</summary>
    internal static IEnumerable<OperatorSample> Distinct(DType type)
    {
        yield return new(ShapeClass.Scalar, [SampleSets.Input(type, [5])], Encode([], [], 3));
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode([2, 0], [3, 1]));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [])], Encode([1, 1], [7, 0]));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode([5, 7, 3], [7, 1, 35]));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode([3, 1, 2, 5], [2, 4, 50, 9], 6));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [9])], Encode([2, 3], [3, 2], 1));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode([1025, 31], [1, 1025], 1025));
    }
}

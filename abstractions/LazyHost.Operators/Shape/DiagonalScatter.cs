using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>x with the elements that <see cref="Diagonal"/> takes replaced by those of a source. Operands x and source; attributes as of diagonal.</summary>
public sealed class DiagonalScatter : ScatterForm
{
    private DiagonalScatter() : base("diagonal_scatter", Diagonal.Form) { }

    /// <summary>The form.</summary>
    public static DiagonalScatter Form { get; } = new();

    /// <summary>Encodes the attributes; negative axes count from the end.</summary>
    public static Attributes Encode(long offset = 0, long axis0 = 0, long axis1 = 1) => Diagonal.Encode(offset, axis0, axis1);

    /// <summary>A choice, where column - row is the offset, between x and the source laid along the rows and repeated over the columns.</summary>
    protected override Value Put(IrBuilder builder, Value x, Value source, Attributes attributes)
    {
        var shape = builder.ShapeOf(x);
        var place = Diagonal.Form.Place(shape, attributes);
        var (low, high) = (new long[shape.Rank - 1], new long[shape.Rank - 1]);
        (low[^1], high[^1]) = (place.Row, shape[place.Axis0] - place.Row - place.Count);
        long[] axes = [.. place.Others, place.Axis0];
        long[] rising = [.. axes.Order()];
        var along = builder.Permute(builder.Pad(source, 0, low, high), Array.ConvertAll(rising, axis => (long)Array.IndexOf(axes, axis)));
        var index = new TensorType(DType.Int64, shape);
        var diagonal = builder.Eq(builder.Add(builder.Iota(index, place.Axis0), place.Column - place.Row), builder.Iota(index, place.Axis1));
        return builder.PrimSelect(diagonal, builder.Emit(Primitives.Broadcast, [along], IR.Attributes.Of(shape, rising)), x);
    }
}

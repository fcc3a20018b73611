using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// The base of operators that order the elements along an axis. Equal elements keep their order; NaN is the greatest; false comes before true. Attributes axis (a
/// negative one counts from the end), descending.
/// </summary>
public abstract class SortingForm(string name) : OperatorForm(name, new("axis", AttributeKind.Int), new("descending", AttributeKind.Bool))
{
    /// <summary>Encodes the attributes.</summary>
    public static Attributes Encode(long axis = -1, bool descending = false) => IR.Attributes.Of(axis, descending);

    /// <inheritdoc/>
    public sealed override (int Least, int Most) OperandCount => (1, 1);

    /// <summary>The sort primitive: the elements, bool as u8, and their places, as i64.</summary>
    private protected Value Sorted(IrBuilder builder, Value x, Attributes attributes)
    {
        var numbers = builder.DTypeOf(x) == DType.Bool ? builder.PrimCast(x, DType.UInt8) : x;
        return builder.Emit(Primitives.Sort, [numbers],
            IR.Attributes.Of(builder.ShapeOf(x).Axis(attributes.Int(Attributes, 0)), attributes.Bool(Attributes, 1)));
    }

    /// <inheritdoc/>
    public sealed override Tolerance Tolerance(DType type) => IR.Tolerance.Exact;

    /// <inheritdoc/>
    public sealed override IEnumerable<OperatorSample> Samples(DType type)
    {
        yield return new(ShapeClass.Empty, [SampleSets.Input(type, [0, 3])], Encode(0));
        yield return new(ShapeClass.SizeOne, [SampleSets.Input(type, [1, 1])], Encode(descending: true));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(1));
        yield return new(ShapeClass.Odd, [SampleSets.Input(type, [3, 5, 7])], Encode(-1, true));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(0, true));
        yield return new(ShapeClass.Large, [SampleSets.Input(type, [33, 1025])], Encode(1));
    }
}

using LazyHost.IR;

namespace LazyHost.Operators;

/// <summary>
/// What random operators share: operands seed and ordinal (scalars of type u64), and numbers made of Philox bits that are the same on every backend.
/// </summary>
internal static class RandomRules
{
    public static readonly DType[] Seeds = [DType.UInt64];

    /// <summary>Checks that two operands are the seed and the ordinal.</summary>
    public static void RequireSeed(ReadOnlySpan<TensorType> operands, int seed)
    {
        for (var i = seed; i < seed + 2; i++)
            if (operands[i].DType != DType.UInt64 || operands[i].Shape.Rank != 0)
                throw new DTypeMismatchException($"the {(i == seed ? "seed" : "ordinal")} is {operands[i]}; it must be a scalar of type u64");
    }

    /// <summary>Several tensors of random bits, drawn at once.</summary>
    public static Value[] Bits(IrBuilder builder, Value seed, Value ordinal, Shape shape, int count)
    {
        var bits = builder.Emit(Primitives.RandomBits, [seed, ordinal], Attributes.Of(count == 1 ? shape : Shape.Create([count, .. shape.Sizes])));
        if (count == 1) return [bits];
        var parts = new Value[count];
        for (var i = 0; i < count; i++) parts[i] = builder.Reshape(builder.Slice(bits, 0, i, i + 1), shape);
        return parts;
    }

    /// <summary>How many tensors of bits <see cref="Uniform"/> takes for one of a type.</summary>
    public static int BitsFor(DType type) => type == DType.Float64 ? 2 : 1;

    /// <summary>
    /// Numbers in [0, 1), each exact in its type: the upper bits of a word, as many as the type's significand has (8, 11 or 24), divided by that power of
    /// two; for f64 53 bits of two words.
    /// </summary>
    public static Value Uniform(IrBuilder builder, ReadOnlySpan<Value> bits, DType type)
    {
        if (type == DType.Float64)
        {
            var (upper, lower) = (builder.PrimCast(Upper(builder, bits[0], 27), type), builder.PrimCast(Upper(builder, bits[1], 26), type));
            return builder.Mul(builder.Add(builder.Mul(upper, 1L << 26), lower), Math.ScaleB(1, -53));
        }
        var count = type switch { DType.BFloat16 => 8, DType.Float16 => 11, _ => 24 };
        return builder.PrimCast(builder.Mul(builder.PrimCast(Upper(builder, bits[0], count), DType.Float32), Math.ScaleB(1, -count)), type);
    }

    /// <summary>Numbers of the exponential distribution with mean 1.</summary>
    public static Value Exponential(IrBuilder builder, ReadOnlySpan<Value> bits, DType type) =>
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        builder.Neg(builder.Log1p(builder.Neg(Uniform(builder, bits, type))));

    /// <summary>64 random bits an element, as u64.</summary>
    public static Value Words(IrBuilder builder, Value seed, Value ordinal, Shape shape)
    {
        var bits = Bits(builder, seed, ordinal, shape, 2);
        var (upper, lower) = (builder.PrimCast(bits[0], DType.UInt64), builder.PrimCast(bits[1], DType.UInt64));
        return builder.Prim(Primitives.Or, builder.Prim(Primitives.ShiftLeft, upper, builder.Splat(upper, 32)), lower);
    }

    /// <summary>Random numbers of one type in every shape class, drawn with a seed and an ordinal, for which further operands may follow.</summary>
    public static IEnumerable<OperatorSample> Samples(Func<Shape, Attributes> encode, params SampleInput[] more) =>
        SampleSets.Shapes.Select(s => new OperatorSample(s.Class, [Seed, Seed, .. more], encode(s.Shape)));

    public static SampleInput Seed { get; } = new(new(DType.UInt64, []), 0, 1 << 30);

    private static Value Upper(IrBuilder builder, Value bits, int count) => builder.Prim(Primitives.ShiftRight, bits, builder.Splat(bits, 32 - count));
}

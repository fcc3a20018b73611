namespace LazyHost.Lowering.Programs;

/// <summary>
/// softmax(Q · Kᵗ * scale + bias) · V over the keys, for each batch and head; scores that the mask does not keep become its number before the softmax. Only for backends that ask for it. f16 and bf16 may be computed in
/// f32 throughout. A row whose greatest score is NaN or infinite is NaN; a weight of 0 times a value that is not finite is NaN, as in products.
/// </summary>
/// <param name="Sizes">The sizes.</param>
/// <param name="Queries">Q: queries x head size.</param>
/// <param name="Keys">K: keys x head size.</param>
/// <param name="Values">V: keys x value size.</param>
/// <param name="Result">Queries x value size; its elements fill the buffer.</param>
/// <param name="Scale">What every product of a query and a key is multiplied by, or divided by.</param>
/// <param name="IsDivided">True where it is divided by the scale.</param>
/// <param name="Bias">Numbers of the same type, queries x keys, that are added; or null.</param>
/// <param name="Mask">Which of these sums are kept; null where all are.</param>
public sealed record AttentionStep(
    AttentionSizes Sizes, AttentionOperand Queries, AttentionOperand Keys, AttentionOperand Values, AttentionOperand Result, AttentionNumber Scale, bool IsDivided, AttentionOperand? Bias,
    AttentionMask? Mask) : ProgramStep
{
    private const long SoftmaxOperations = 24;

    /// <inheritdoc/>
    public override long Operations => Sizes.Batch * Sizes.Heads * Sizes.Queries * Sizes.Keys * ((2 * (Sizes.HeadSize + Sizes.ValueSize)) + SoftmaxOperations);

    /// <summary>The operands that are read.</summary>
    internal IEnumerable<(AttentionOperand Operand, long Rows, long Columns)> Reads
    {
        get
        {
            yield return (Queries, Sizes.Queries, Sizes.HeadSize);
            yield return (Keys, Sizes.Keys, Sizes.HeadSize);
            yield return (Values, Sizes.Keys, Sizes.ValueSize);
            if (Bias is { } bias) yield return (bias, Sizes.Queries, Sizes.Keys);
            if (Mask?.Places is { } places) yield return (places, Sizes.Queries, Sizes.Keys);
        }
    }

    /// <summary>The same on other buffers.</summary>
    internal AttentionStep On(Func<int, int> buffer)
    {
        AttentionOperand Moved(AttentionOperand operand) => operand with { Buffer = buffer(operand.Buffer) };
        return this with
        {
            Queries = Moved(Queries),
            Keys = Moved(Keys),
            Values = Moved(Values),
            Result = Moved(Result),
            Bias = Bias is { } bias ? Moved(bias) : null,
            Mask = Mask?.Places is { } places ? Mask with { Places = Moved(places) } : Mask,
        };
    }
}

namespace LazyHost.Lowering.Programs;

/// <summary>Which scores are kept; the others become a number before the softmax.</summary>
/// <param name="Places">A bool for each query (row) and key (column), or null where <paramref name="Diagonal"/> says it.</param>
/// <param name="Keeps">True where scores stay at true, false where they stay at false.</param>
/// <param name="Diagonal">Without <paramref name="Places"/>, key j of query i is kept where j &lt;= i + Diagonal.</param>
/// <param name="Fill">What scores that are not kept become.</param>
public sealed record AttentionMask(AttentionOperand? Places, bool Keeps, long Diagonal, AttentionNumber Fill);

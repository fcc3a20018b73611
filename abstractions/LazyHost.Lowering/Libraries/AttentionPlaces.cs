using LazyHost.Lowering.Fuse;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Libraries;

/// <summary>The places of an operand of an attention inside a value.</summary>
internal sealed record AttentionPlaces(int Value, Affine Place)
{
    /// <summary>The batch loops as two: batches, and heads within each.</summary>
    /// <param name="Batch">The number of batches.</param>
    /// <param name="Heads">The number of heads.</param>
    /// <param name="BatchLoop">The loop whose step is one batch, or -1.</param>
    /// <param name="HeadLoop">The loop whose step is one head, or -1.</param>
    public sealed record Loops(long Batch, long Heads, int BatchLoop, int HeadLoop);

    /// <summary>Joins batch loops that all operands walk as one; null where more than two are left.</summary>
    public static Loops? Collapse(IReadOnlyList<long> sizes, IReadOnlyList<AttentionPlaces> operands)
    {
        var left = new List<(int Loop, long Size)>();
        for (var i = sizes.Count - 1; i >= 0; i--)
        {
            if (sizes[i] == 1) continue;
            var loop = i;
            if (left.Count > 0 && operands.All(operand => operand.Place[loop] == operand.Place[left[^1].Loop] * left[^1].Size)) left[^1] = (left[^1].Loop, left[^1].Size * sizes[i]);
            else left.Add((i, sizes[i]));
        }
        return left.Count switch
        {
            0 => new(1, 1, -1, -1),
            1 => new(1, left[0].Size, -1, left[0].Loop),
            2 => new(left[1].Size, left[0].Size, left[1].Loop, left[0].Loop),
            _ => null,
        };
    }

    /// <summary>The operand, its value in place of a buffer.</summary>
    public AttentionOperand Operand(Loops loops, int row, int column) =>
        new(Value, Place.Offset, loops.BatchLoop < 0 ? 0 : Place[loops.BatchLoop], loops.HeadLoop < 0 ? 0 : Place[loops.HeadLoop], Place[row], Place[column]);
}

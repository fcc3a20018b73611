namespace LazyHost.Lowering.Lanes;

/// <summary>The operations of a kernel, each once: equal nodes are shared. Operands come before their uses.</summary>
public sealed class LaneGraph
{
    private readonly List<LaneNode> nodes = [];
    private readonly Dictionary<LaneNode, int> known = [];

    /// <summary>The operations, by number.</summary>
    public IReadOnlyList<LaneNode> Nodes => nodes;

    /// <summary>The number of a node, which is added where none is equal to it.</summary>
    public int Place(LaneNode node)
    {
        if (!known.TryGetValue(node, out var id))
        {
            id = nodes.Count;
            nodes.Add(node);
            known.Add(node, id);
        }
        return id;
    }

    internal Lane Add(LaneNode node) => new(this, Place(node));

    /// <summary>A constant by value.</summary>
    internal Lane Number(LaneType type, double value) => Add(new(LaneOp.Constant, type, Bits: type switch
    {
        LaneType.F32 => BitConverter.SingleToInt32Bits((float)value),
        LaneType.F64 => BitConverter.DoubleToInt64Bits(value),
        _ => (long)value,
    }));

    /// <summary>A constant mask.</summary>
    internal Lane Mask(bool value) => Add(new(LaneOp.Constant, LaneType.M32, Bits: value ? 1 : 0));

    /// <summary>A function that exists for single lanes alone.</summary>
    internal Lane Call(LaneFunction function, LaneType type, params ReadOnlySpan<Lane> operands) => Add(new(LaneOp.Call, type,
        operands[0].Id, operands.Length > 1 ? operands[1].Id : -1, operands.Length > 2 ? operands[2].Id : -1, Function: function));

    /// <summary>A function that has a form for vectors, too.</summary>
    internal Lane Function(LaneFunction function, LaneType type, params ReadOnlySpan<Lane> operands) =>
        Add(new(LaneOp.Function, type, operands[0].Id, operands.Length > 1 ? operands[1].Id : -1, Function: function));

    /// <summary>The mask with lanes as large as those of a type.</summary>
    internal Lane Resize(Lane mask, LaneType like) => mask.To(like.Size() == 8 ? LaneType.M64 : LaneType.M32);

    internal Lane Match(Lane b, Lane a) => b.Type.IsMask() ? Resize(b, a.Type) : b;
}

using System.Reflection;

namespace LazyHost.Backends.Simd.Lanes;

/// <summary>The operations of a kernel, each once: equal nodes are shared. Operands come before their uses.</summary>
internal sealed class LaneGraph
{
    private readonly List<LaneNode> nodes = [];
    private readonly Dictionary<LaneNode, int> known = [];

    public IReadOnlyList<LaneNode> Nodes => nodes;

    public Lane Add(LaneNode node)
    {
        if (!known.TryGetValue(node, out var id))
        {
            id = nodes.Count;
            nodes.Add(node);
            known.Add(node, id);
        }
        return new(this, id);
    }

    /// <summary>A constant by value.</summary>
    public Lane Number(LaneType type, double value) => Add(new(LaneOp.Constant, type, Bits: type switch
    {
        LaneType.F32 => BitConverter.SingleToInt32Bits((float)value),
        LaneType.F64 => BitConverter.DoubleToInt64Bits(value),
        _ => (long)value,
    }));

    public Lane Mask(bool value) => Add(new(LaneOp.Constant, LaneType.M32, Bits: value ? 1 : 0));

    /// <summary>A static method of single lanes; the kernel then runs as scalar code.</summary>
    public Lane Call(MethodInfo method, LaneType type, params ReadOnlySpan<Lane> operands) => Add(new(LaneOp.Call, type,
        operands[0].Id, operands.Length > 1 ? operands[1].Id : -1, operands.Length > 2 ? operands[2].Id : -1, Method: method));

    /// <summary>A method of <see cref="LaneFunctions"/> that has an overload for every kind of vector and for single lanes.</summary>
    public Lane Function(string name, LaneType type, params ReadOnlySpan<Lane> operands) =>
        Add(new(LaneOp.Function, type, operands[0].Id, operands.Length > 1 ? operands[1].Id : -1, Name: name));

    /// <summary>The mask with lanes as large as those of a type.</summary>
    public Lane Resize(Lane mask, LaneType like) => mask.To(like.Size() == 8 ? LaneType.M64 : LaneType.M32);

    internal Lane Match(Lane b, Lane a) => b.Type.IsMask() ? Resize(b, a.Type) : b;
}

namespace LazyHost.Lowering.Lanes;

/// <summary>One operation of a <see cref="LaneGraph"/>; operands are earlier nodes, -1 where there are none.</summary>
public readonly record struct LaneNode(
    LaneOp Op, LaneType Type, int A = -1, int B = -1, int C = -1, long Bits = 0, int Index = 0, LaneFunction Function = LaneFunction.None);

namespace LazyHost.Lowering.Lanes;

/// <summary>A value under construction in a <see cref="LaneGraph"/>; its operators append to the graph.</summary>
internal readonly record struct Lane(LaneGraph Graph, int Id)
{
    public LaneType Type => Graph.Nodes[Id].Type;

    public static Lane operator +(Lane a, Lane b) => a.Binary(LaneOp.Add, b);
    public static Lane operator -(Lane a, Lane b) => a.Binary(LaneOp.Subtract, b);
    public static Lane operator *(Lane a, Lane b) => a.Binary(LaneOp.Multiply, b);
    public static Lane operator /(Lane a, Lane b) => a.Binary(LaneOp.Divide, b);
    public static Lane operator &(Lane a, Lane b) => a.Binary(LaneOp.BitwiseAnd, b);
    public static Lane operator |(Lane a, Lane b) => a.Binary(LaneOp.BitwiseOr, b);
    public static Lane operator ^(Lane a, Lane b) => a.Binary(LaneOp.Xor, b);
    public static Lane operator ~(Lane a) => a.Graph.Add(new(LaneOp.OnesComplement, a.Type, a.Id));
    public static Lane operator <<(Lane a, int count) => a.Graph.Add(new(LaneOp.ShiftLeft, a.Type, a.Id, Bits: count));

    /// <summary>Arithmetic for signed lanes.</summary>
    public static Lane operator >>(Lane a, int count) =>
        a.Graph.Add(new(a.Type is LaneType.U32 or LaneType.U64 ? LaneOp.ShiftRightLogical : LaneOp.ShiftRightArithmetic, a.Type, a.Id, Bits: count));
    public static Lane operator >>>(Lane a, int count) => a.Graph.Add(new(LaneOp.ShiftRightLogical, a.Type, a.Id, Bits: count));
    public static Lane operator <(Lane a, Lane b) => a.Compare(LaneOp.LessThan, b);
    public static Lane operator >(Lane a, Lane b) => b.Compare(LaneOp.LessThan, a);
    public static Lane operator <=(Lane a, Lane b) => a.Compare(LaneOp.LessThanOrEqual, b);
    public static Lane operator >=(Lane a, Lane b) => b.Compare(LaneOp.LessThanOrEqual, a);

    public static Lane operator +(Lane a, double b) => a + a.Like(b);
    public static Lane operator -(Lane a, double b) => a - a.Like(b);
    public static Lane operator *(Lane a, double b) => a * a.Like(b);
    public static Lane operator <(Lane a, double b) => a < a.Like(b);
    public static Lane operator >(Lane a, double b) => a > a.Like(b);

    public Lane Is(Lane b) => Compare(LaneOp.Equals, b);

    /// <summary>A constant of this lane's type.</summary>
    public Lane Like(double value) => Graph.Number(Type, value);

    /// <summary>A constant of this lane's type, by bit pattern.</summary>
    public Lane LikeBits(long bits) => Graph.Add(new(LaneOp.Constant, Type, Bits: bits));

    public Lane Unary(LaneOp op) => Graph.Add(new(op, Type, Id));

    public Lane Binary(LaneOp op, Lane b) => Graph.Add(new(op, Type, Id, Graph.Match(b, this).Id));

    /// <summary>this * b + c, rounded once.</summary>
    public Lane Fma(Lane b, Lane c) => Graph.Add(new(LaneOp.FusedMultiplyAdd, Type, Id, b.Id, c.Id));

    /// <summary>this * b + c, rounded once.</summary>
    public Lane Fma(Lane b, double c) => Fma(b, Like(c));

    /// <summary>this * b + c, rounded once.</summary>
    public Lane Fma(double b, Lane c) => Fma(Like(b), c);

    /// <summary>This mask's choice.</summary>
    public Lane Choose(Lane then, Lane otherwise) => Graph.Add(new(LaneOp.ConditionalSelect, then.Type, Graph.Resize(this, then.Type).Id, then.Id, otherwise.Id));

    public Lane Choose(Lane then, double otherwise) => Choose(then, then.Like(otherwise));

    public Lane To(LaneType type) => type == Type ? this : Graph.Add(new(LaneOp.Convert, type, Id));

    public Lane As(LaneType type) => type == Type ? this : Graph.Add(new(LaneOp.Reinterpret, type, Id));

    /// <summary>The lanes' bits as signed integers.</summary>
    public Lane Integer => As(Type.Size() == 8 ? LaneType.I64 : LaneType.I32);

    public Lane Abs => (Integer & Integer.LikeBits(Type.Size() == 8 ? long.MaxValue : int.MaxValue)).As(Type);

    public Lane SignBit => (Integer & Integer.LikeBits(Type.Size() == 8 ? long.MinValue : int.MinValue)).As(Type);

    public Lane Negate => Type.IsFloat() ? (Integer ^ Integer.LikeBits(Type.Size() == 8 ? long.MinValue : int.MinValue)).As(Type) : Like(0) - this;

    public Lane IsNaN => ~Is(this);

    private Lane Compare(LaneOp op, Lane b) => Graph.Add(new(op, Type.Size() == 8 ? LaneType.M64 : LaneType.M32, Id, b.Id));

    /// <summary>Evaluates a polynomial by Horner's rule with fused steps; coefficients from the highest power down.</summary>
    public Lane Polynomial(params ReadOnlySpan<double> coefficients)
    {
        var sum = Like(coefficients[0]);
        foreach (var c in coefficients[1..]) sum = sum.Fma(this, Like(c));
        return sum;
    }
}


namespace LazyHost.Lowering.Lanes;

/// <summary>Conversions between element types, as the lanes hold them.</summary>
internal static class LaneCasts
{
    /// <summary>Converts by value, with the semantics of the primitive.</summary>
    public static Lane Cast(Lane x, DType from, DType to)
    {
        if (from == to) return x;
        if (to == DType.Bool) return ~x.Is(x.Like(0));
        var type = LaneTypes.Of(to);
        if (from == DType.Bool) return x.Choose(x.Graph.Number(type, 1), x.Graph.Number(type, 0));
        if (to is DType.Float16 or DType.BFloat16) return Rounded(ToFloat(x, LaneType.F32), to);
        if (type.IsFloat()) return ToFloat(x, type);
        return x.Type.IsFloat() ? Saturate(x, to) : Wrap(Resize(x, type), to);
    }

    /// <summary>Brings an integer in its lane back into the range of its element type.</summary>
    public static Lane Wrap(Lane x, DType type) => type switch
    {
        DType.UInt8 => x & x.LikeBits(0xFF),
        DType.UInt16 => x & x.LikeBits(0xFFFF),
        DType.Int8 => x << 24 >> 24,
        DType.Int16 => x << 16 >> 16,
        _ => x,
    };

    /// <summary>A binary32 rounded to a 16-bit float, still held as binary32.</summary>
    public static Lane Rounded(Lane x, DType type) => FromStorage(ToStorage(x, type), type);

    /// <summary>What a load gives, as the lane that computes.</summary>
    public static Lane FromStorage(Lane x, DType type) => type switch
    {
        DType.Bool => ~x.Is(x.Like(0)),
        DType.BFloat16 => (x << 16).As(LaneType.F32),
        DType.Float16 => FromHalf(x),
        _ => x,
    };

    /// <summary>What a store writes the low bits of.</summary>
    public static Lane ToStorage(Lane x, DType type) => type switch
    {
        DType.Bool => x.Choose(x.Graph.Number(LaneType.I32, 1), x.Graph.Number(LaneType.I32, 0)),
        DType.BFloat16 => ToBrain(x),
        DType.Float16 => ToHalf(x),
        _ => x,
    };

    private static Lane ToFloat(Lane x, LaneType type) => (x.Type, type) switch
    {
        (LaneType.I32 or LaneType.U32, LaneType.F64) => x.To(LaneType.I64).To(LaneType.F64),
        _ => x.To(type),
    };

    private static Lane Resize(Lane x, LaneType type)
    {
        if (x.Type.Size() == type.Size()) return x.As(type);
        return type.Size() == 8 ? x.To(LaneType.I64).As(type) : x.As(LaneType.I64).To(LaneType.I32).As(type);
    }

    private static Lane Saturate(Lane x, DType to)
    {
        switch (to)
        {
            case DType.Int64 or DType.UInt64: return x.To(LaneType.F64).To(LaneTypes.Of(to));
            case DType.UInt32 when x.Type == LaneType.F32: return x.To(LaneType.U32);
            case DType.Int32 when x.Type == LaneType.F32: return x.To(LaneType.I32);
        }
        var whole = x.To(x.Type == LaneType.F32 ? LaneType.I32 : LaneType.I64);
        var bits = to.Size() * 8;
        var (least, greatest) = to.IsSigned() ? (-(1L << (bits - 1)), (1L << (bits - 1)) - 1) : (0, (1L << bits) - 1);
        return Resize(whole.Binary(LaneOp.Max, whole.LikeBits(least)).Binary(LaneOp.Min, whole.LikeBits(greatest)), LaneTypes.Of(to));
    }

    private static Lane ToBrain(Lane x)
    {
        var bits = x.Integer;
        var rounded = (bits + bits.LikeBits(0x7FFF) + ((bits >>> 16) & bits.LikeBits(1))) >>> 16;
        return x.IsNaN.Choose((bits >>> 16) | bits.LikeBits(0x40), rounded);
    }

    /// <summary>Exact: the exponent is moved, subnormals are normalized by a subtraction.</summary>
    private static Lane FromHalf(Lane x)
    {
        var shifted = (x & x.LikeBits(0x7FFF)) << 13;
        var exponent = shifted & x.LikeBits(0x0F800000);
        var moved = shifted + x.LikeBits(112 << 23);
        var special = moved + x.LikeBits(112 << 23);
        var small = ((moved + x.LikeBits(1 << 23)).As(LaneType.F32) - x.LikeBits(113 << 23).As(LaneType.F32)).Integer;
        var magnitude = exponent.Is(x.LikeBits(0x0F800000)).Choose(special, exponent.Is(x.Like(0)).Choose(small, moved));
        return (magnitude | ((x & x.LikeBits(0x8000)) << 16)).As(LaneType.F32);
    }

    /// <summary>To nearest, ties to even: subnormals by an addition that rounds at the right place.</summary>
    private static Lane ToHalf(Lane x)
    {
        var bits = x.Abs.Integer;
        var sign = (x.Integer >>> 16) & bits.LikeBits(0x8000);
        var magic = bits.LikeBits(126 << 23);
        var small = (bits.As(LaneType.F32) + magic.As(LaneType.F32)).Integer - magic;
        var normal = (bits + bits.LikeBits(unchecked((int)0xC8000FFF)) + ((bits >>> 13) & bits.LikeBits(1))) >>> 13;
        var finite = (bits < bits.LikeBits(113 << 23)).Choose(small, normal);
        var special = (bits > bits.LikeBits(0x7F800000)).Choose(bits.LikeBits(0x7E00), bits.LikeBits(0x7C00));
        return (bits < bits.LikeBits(143 << 23)).Choose(finite, special) | sign;
    }
}

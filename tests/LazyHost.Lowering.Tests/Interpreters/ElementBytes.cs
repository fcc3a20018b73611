using System.Buffers.Binary;

namespace LazyHost.Lowering.Tests.Interpreters;

/// <summary>Elements in memory.</summary>
internal static class ElementBytes
{
    public static long Read(ReadOnlySpan<byte> memory, long element, DType type)
    {
        var at = memory.Slice((int)element * type.Size(), type.Size());
        return type switch
        {
            DType.Float64 => BinaryPrimitives.ReadInt64LittleEndian(at),
            DType.Float32 => Elements.Of(BinaryPrimitives.ReadSingleLittleEndian(at), DType.Float64),
            DType.Float16 => Elements.Of((double)BinaryPrimitives.ReadHalfLittleEndian(at), DType.Float64),
            DType.BFloat16 => Elements.Of(new BFloat16(BinaryPrimitives.ReadUInt16LittleEndian(at)), DType.Float64),
            DType.UInt8 or DType.Bool => at[0],
            DType.Int8 => (sbyte)at[0],
            DType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
            DType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
            DType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
            DType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
            _ => BinaryPrimitives.ReadInt64LittleEndian(at),
        };
    }

    public static void Write(Span<byte> memory, long element, DType type, long bits)
    {
        var at = memory.Slice((int)element * type.Size(), type.Size());
        if (type == DType.Float32) BinaryPrimitives.WriteSingleLittleEndian(at, (float)Elements.Float(bits));
        else if (type == DType.Float16) BinaryPrimitives.WriteHalfLittleEndian(at, (Half)Elements.Float(bits));
        else if (type == DType.BFloat16) BinaryPrimitives.WriteUInt16LittleEndian(at, ((BFloat16)Elements.Float(bits)).Bits);
        else for (var k = 0; k < at.Length; k++) at[k] = (byte)(bits >> (8 * k));
    }
}

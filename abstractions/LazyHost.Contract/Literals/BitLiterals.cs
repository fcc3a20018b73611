using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Bits and shifts, shifts out of range included.</summary>
internal static class BitLiterals
{
    public static IEnumerable<Literal> All() =>
    [
        Of(Primitives.Not, Bool(0, 1)).Gives(Bool(1, 0)),
        Of(Primitives.Not, I8(0, -1, 5)).Gives(I8(-1, 0, -6)),
        Of(Primitives.Not, U16(0, 65535, 0x00FF)).Gives(U16(65535, 0, 0xFF00)),
        Of(Primitives.And, Bool(0, 0, 1, 1), Bool(0, 1, 0, 1)).Gives(Bool(0, 0, 0, 1)),
        Of(Primitives.And, I32(-1, 0b1100), I32(255, 0b1010)).Gives(I32(255, 0b1000)),
        Of(Primitives.And, U64(ulong.MaxValue, 6), U64(1, 3)).Gives(U64(1, 2)),
        Of(Primitives.Or, Bool(0, 0, 1, 1), Bool(0, 1, 0, 1)).Gives(Bool(0, 1, 1, 1)),
        Of(Primitives.Or, U8(0xF0, 1), U8(0x0F, 2)).Gives(U8(0xFF, 3)),
        Of(Primitives.Xor, Bool(0, 0, 1, 1), Bool(0, 1, 0, 1)).Gives(Bool(0, 1, 1, 0)),
        Of(Primitives.Xor, I64(-1, 5), I64(1, 3)).Gives(I64(-2, 6)),
        Of(Primitives.ShiftLeft, I32(1, 1, 1, 3, -1, 1), I32(4, 31, 32, -1, 1, 0)).Gives(I32(16, int.MinValue, 0, 0, -2, 1)),
        Of(Primitives.ShiftLeft, U8(255, 1, 1, 1), U8(4, 7, 8, 255)).Gives(U8(240, 128, 0, 0)),
        Of(Primitives.ShiftLeft, I64(1, 1), I64(63, 64)).Gives(I64(long.MinValue, 0)),
        Of(Primitives.ShiftRight, I32(-16, -16, 16, -1, 5, -5), I32(2, 32, 2, 100, -1, -1)).Gives(I32(-4, -1, 4, -1, 0, -1)),
        Of(Primitives.ShiftRight, U32(0x80000000, 0x80000000, 7), U32(31, 32, 1)).Gives(U32(1, 0, 3)),
        Of(Primitives.ShiftRight, I8(-128, -128, 127), I8(7, 8, 3)).Gives(I8(-1, -1, 15)),
        Of(Primitives.ShiftRight, U64(ulong.MaxValue, 9), U64(63, 64)).Gives(U64(1, 0)),
    ];
}

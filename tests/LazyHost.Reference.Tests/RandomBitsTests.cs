using System.Runtime.InteropServices;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Reference.Tests;

public class RandomBitsTests
{
    // The known answers that the authors of Philox publish with Random123.
    [Theory]
    [InlineData(0ul, 0ul, 0ul, new[] { 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u })]
    [InlineData(0x299f31d0a4093822ul, 0x0370734413198a2eul, 0x85a308d3243f6a88ul, new[] { 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u })]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, new[] { 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu })]
    public void A_block_of_Philox_has_the_published_words(ulong seed, ulong ordinal, ulong block, uint[] expected) =>
        Assert.Equal(expected, PhiloxBlock(seed, ordinal, block));

    [Fact]
    public void Elements_are_the_words_of_successive_blocks()
    {
        var bits = RandomBits(0, 0, 6);
        Assert.Equal([0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u], bits[..4]);
        Assert.Equal(PhiloxBlock(0, 0, 1)[..2], bits[4..]);
    }

    private static uint[] RandomBits(ulong seed, ulong ordinal, long count)
    {
        var builder = new GraphBuilder();
        var key = builder.Scalar(DType.UInt64);
        var counter = builder.Scalar(DType.UInt64);
        builder.AddRoot(builder.Emit(Primitives.RandomBits, [key, counter], Attributes.Of(new long[] { count })));
        var result = ReferenceInterpreter.Run(builder.Build(), [], [unchecked((long)seed), unchecked((long)ordinal)]);
        return MemoryMarshal.Cast<byte, uint>(result[0]).ToArray();
    }

    private static uint[] PhiloxBlock(ulong seed, ulong ordinal, ulong block) =>
        Philox.Block((uint)block, (uint)(block >> 32), (uint)ordinal, (uint)(ordinal >> 32), (uint)seed, (uint)(seed >> 32)) is var (a, b, c, d) ? [a, b, c, d] : [];
}

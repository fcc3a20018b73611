using CsCheck;

namespace LazyHost.Abstractions.Tests.Types;

public class BFloat16Tests
{
    [Fact]
    public void Every_pattern_survives_widening_and_rounding()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = new BFloat16((ushort)bits);
            var back = (BFloat16)(float)value;
            if (float.IsNaN(value)) Assert.True(float.IsNaN(back));
            else Assert.Equal(value, back);
        }
    }

    [Fact]
    public void Rounding_takes_the_nearest_and_of_two_the_even_one() =>
        Gen.Float.Sample(x =>
        {
            var rounded = (BFloat16)x;
            if (float.IsNaN(x)) { Assert.True(float.IsNaN(rounded)); return; }
            var below = new BFloat16((ushort)(BitConverter.SingleToUInt32Bits(x) >> 16));
            var above = new BFloat16((ushort)(below.Bits + 1));
            // Beyond the greatest number the next one up counts as if the exponent went on.
            var next = float.IsInfinity(above) ? Math.ScaleB(1, 128) * Math.Sign(x) : (double)(float)above;
            if (float.IsInfinity(below)) next = below;
            double toBelow = Math.Abs((double)x - (float)below), toAbove = Math.Abs(x - next);
            var expected = toBelow < toAbove || (toBelow == toAbove && (below.Bits & 1) == 0) || float.IsInfinity(below) ? below : above;
            Assert.Equal(expected, rounded);
        });

    [Theory]
    [InlineData(1.0f, 0x3F80)]
    [InlineData(1.00390625f, 0x3F80)]
    [InlineData(1.01171875f, 0x3F82)]
    [InlineData(-0.0f, 0x8000)]
    [InlineData(float.MaxValue, 0x7F80)]
    [InlineData(float.NegativeInfinity, 0xFF80)]
    [InlineData(1e-45f, 0x0000)]
    public void Known_roundings(float value, int bits) => Assert.Equal(bits, ((BFloat16)value).Bits);

    [Fact]
    public void Order_and_text()
    {
        Assert.True(((BFloat16)1f).CompareTo((BFloat16)2f) < 0);
        Assert.Equal("1.5", ((BFloat16)1.5).ToString());
    }
}

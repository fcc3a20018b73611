using CsCheck;
using LazyHost.IR;

namespace LazyHost.Abstractions.Tests.IR;

public class ScalarBitsTests
{
    [Fact]
    public void Floating_point_numbers_are_rounded_to_their_type()
    {
        Gen.Double.Sample(x =>
        {
            Assert.Equal(x, ScalarBits.ToDouble(DType.Float64, ScalarBits.Of(DType.Float64, x)));
            Assert.Equal((float)x, ScalarBits.ToDouble(DType.Float32, ScalarBits.Of(DType.Float32, x)));
            Assert.Equal((double)(Half)x, ScalarBits.ToDouble(DType.Float16, ScalarBits.Of(DType.Float16, x)));
            Assert.Equal((float)(BFloat16)x, ScalarBits.ToDouble(DType.BFloat16, ScalarBits.Of(DType.BFloat16, x)));
        });
    }

    [Fact]
    public void Integers_saturate_from_numbers_and_wrap_from_integers()
    {
        Assert.Equal(255, ScalarBits.Of(DType.UInt8, 300.7));
        Assert.Equal(0, ScalarBits.Of(DType.UInt8, -3.0));
        Assert.Equal(0, ScalarBits.Of(DType.Int32, double.NaN));
        Assert.Equal(-1, ScalarBits.Of(DType.UInt64, double.PositiveInfinity));
        Assert.Equal(44, ScalarBits.Of(DType.UInt8, 300L));
        Assert.Equal(-128, ScalarBits.Of(DType.Int8, 128L));
        Assert.Equal(4294967295, ScalarBits.Of(DType.UInt32, -1L));
        Assert.Equal(1, ScalarBits.Of(DType.Bool, 7L));
        Assert.Equal(1, ScalarBits.Of(DType.Bool, 0.5));
        Assert.Equal(BitConverter.DoubleToInt64Bits(3), ScalarBits.Of(DType.Float32, 3L));
        Assert.Equal(Math.ScaleB(1, 64), ScalarBits.ToDouble(DType.UInt64, -1));
    }
}

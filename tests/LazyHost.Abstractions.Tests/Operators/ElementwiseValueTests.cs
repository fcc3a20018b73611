using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Edge cases of element-wise operators, as PyTorch answers them.</summary>
public class ElementwiseValueTests
{
    private const double NaN = double.NaN;
    private const double Inf = double.PositiveInfinity;

    [Fact]
    public void Division_is_true_division() =>
        Assert.Equal([3.5, -3.5, Inf, NaN], Runner.Vectors(Div.Form, new long[] { 7, -7, 1, 0 }, new long[] { 2, 2, 0, 0 }));

    [Fact]
    public void A_remainder_has_the_sign_of_the_divisor()
    {
        Assert.Equal([1, 2, -2, -1, 0], Runner.Vectors(Remainder.Form, new long[] { 7, -7, 7, -7, 6 }, new long[] { 3, 3, -3, -3, 3 }));
        Assert.Equal([1.5, 0.5, -0.5, Inf, NaN], Runner.Vectors(Remainder.Form, new double[] { 7.5, -7.5, 7.5, -1, 1 }, new double[] { 2, 2, -2, Inf, 0 }));
        Assert.Equal([1, 5], Runner.Vectors(Remainder.Form, new byte[] { 7, 5 }, new byte[] { 3, 9 }));
    }

    [Fact]
    public void Powers()
    {
        Assert.Equal([1024, 0, 1, -1, 1], Runner.Vectors(Pow.Form, new long[] { 2, 2, 1, -1, 0 }, new long[] { 10, -1, -5, -3, 0 }));
        Assert.Equal([1, NaN, 0.25], Runner.Vectors(Pow.Form, new double[] { 0, -1, 2 }, new[] { 0, 0.5, -2 }));
    }

    [Fact]
    public void Maximum_and_minimum_keep_NaN()
    {
        Assert.Equal([NaN, NaN, 2], Runner.Vectors(Maximum.Form, new[] { NaN, 1, 2 }, new[] { 1, NaN, -2 }));
        Assert.Equal([NaN, NaN, -2], Runner.Vectors(Minimum.Form, new[] { NaN, 1, 2 }, new[] { 1, NaN, -2 }));
        Assert.Equal([1, 0], Runner.Vectors(Maximum.Form, new[] { true, false }, new[] { false, false }));
    }

    [Fact]
    public void Sums_and_products_of_bool_are_logical()
    {
        Assert.Equal([1, 1, 0], Runner.Vectors(Add.Form, new[] { true, true, false }, new[] { true, false, false }));
        Assert.Equal([1, 0, 0], Runner.Vectors(Mul.Form, new[] { true, true, false }, new[] { true, false, false }));
        Assert.Throws<DTypeMismatchException>(() => Runner.Vectors(Sub.Form, new[] { true }, new[] { true }));
    }

    [Fact]
    public void Types_are_promoted()
    {
        Assert.Equal([-1, 300], Runner.Vectors(Add.Form, new byte[] { 1, 200 }, new long[] { -2, 100 }));
        Assert.Equal([1.5], Runner.Vectors(Add.Form, new[] { true }, new[] { 0.5f }));
    }

    [Fact]
    public void Clamping()
    {
        var x = new[] { -3, 0.5, 9, NaN };
        Assert.Equal([-1, 0.5, 2, NaN], Runner.Run(Clamp.Form, default, (x, [4]), (new double[] { -1 }, []), (new double[] { 2 }, []))[0]);
        Assert.Equal([-1, -1, -1, NaN], Runner.Run(Clamp.Form, default, (x, [4]), (new double[] { 2 }, []), (new double[] { -1 }, []))[0]);
    }

    [Fact]
    public void Comparisons_with_NaN()
    {
        double[] a = [NaN, 1, 2], b = [NaN, 1, 1];
        Assert.Equal([0, 1, 0], Runner.Vectors(Eq.Form, a, b));
        Assert.Equal([1, 0, 1], Runner.Vectors(Ne.Form, a, b));
        Assert.Equal([0, 1, 1], Runner.Vectors(Ge.Form, a, b));
        Assert.Equal([0, 0, 0], Runner.Vectors(Lt.Form, a, b));
        Assert.Equal([1, 0, 0], Runner.Vectors(Lt.Form, new[] { false, true, true }, new[] { true, true, false }));
    }

    [Fact]
    public void Logic_takes_all_but_zero_as_true()
    {
        double[] a = [0, 2, NaN], b = [1, 0.5, 0];
        Assert.Equal([0, 1, 0], Runner.Vectors(LogicalAnd.Form, a, b));
        Assert.Equal([1, 1, 1], Runner.Vectors(LogicalOr.Form, a, b));
        Assert.Equal([1, 0, 1], Runner.Vectors(LogicalXor.Form, a, b));
        Assert.Equal([1, 0, 0], Runner.Vectors(LogicalNot.Form, a));
    }

    [Fact]
    public void Rounding()
    {
        double[] x = [-1.5, -0.5, 0.5, 1.5, 2.5, 2.4];
        Assert.Equal([-2, 0, 0, 2, 2, 2], Runner.Vectors(Round.Form, x));
        Assert.Equal([-2, -1, 0, 1, 2, 2], Runner.Vectors(Floor.Form, x));
        Assert.Equal([-1, 0, 1, 2, 3, 3], Runner.Vectors(Ceil.Form, x));
        Assert.Equal([-1, 0, 0, 1, 2, 2], Runner.Vectors(Trunc.Form, x));
        Assert.Equal([long.MaxValue], Runner.Vectors(Floor.Form, new[] { long.MaxValue }));
    }

    [Fact]
    public void Activations()
    {
        double[] x = [-1, 0, 1];
        Close([-0.15865525393145707, 0, 0.8413447460685429], Runner.Run(Gelu.Form, Gelu.Encode(), (x, [3]))[0]);
        Close([-0.15880800939172324, 0, 0.8411919906082768], Runner.Run(Gelu.Form, Gelu.Encode("tanh"), (x, [3]))[0]);
        Close([0.2689414213699951, 0.5, 0.7310585786300049], Runner.Vectors(Sigmoid.Form, x));
        Close([-0.2689414213699951, 0, 0.7310585786300049], Runner.Vectors(Silu.Form, x));
        Assert.Equal([0, 0, 1, NaN], Runner.Vectors(Relu.Form, new[] { -1, 0, 1, NaN }));
        Assert.Equal([0, 1], Runner.Vectors(Sigmoid.Form, new[] { -1000.0, 1000 }));
    }

    [Fact]
    public void A_half_is_computed_in_single()
    {
        // In f16 e^12 would overflow and the sigmoid of -12 be 0.
        var y = Runner.Vectors(Sigmoid.Form, new[] { (Half)(-12) })[0];
        Assert.InRange(y, 6.0e-6, 6.3e-6);
    }

    [Fact]
    public void Functions_of_integers_give_single()
    {
        Close([Math.E], Runner.Vectors(Exp.Form, new long[] { 1 }), 1e-6);
        Close([0.5], Runner.Vectors(Reciprocal.Form, new byte[] { 2 }));
    }

    [Fact]
    public void Where_broadcasts_and_promotes() =>
        Assert.Equal([1.5, 7, 2.5, 8],
            Runner.Run(Where.Form, default, (new[] { true, false }, [2]), (new[] { 1.5f, 2.5f }, [2, 1]), (new long[] { 9, 7, 9, 8 }, [2, 2]))[0]);

    [Fact]
    public void Casts()
    {
        Assert.Equal([-1, 2, long.MaxValue, 0], Runner.Run(Cast.Form, Cast.Encode(DType.Int64), (new[] { -1.9, 2.9, 1e30, NaN }, [4]))[0]);
        Assert.Equal([1, 0, 1], Runner.Run(Cast.Form, Cast.Encode(DType.Bool), (new[] { 0.1, 0, NaN }, [3]))[0]);
        Assert.Equal([44], Runner.Run(Cast.Form, Cast.Encode(DType.UInt8), (new long[] { 300 }, [1]))[0]);
    }

    internal static void Close(double[] expected, double[] actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance,
                $"element {i}: expected {expected[i]}, got {actual[i]}");
    }
}

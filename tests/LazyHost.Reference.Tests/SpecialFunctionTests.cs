using System.Runtime.InteropServices;
using LazyHost.Backends.Reference;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Reference.Tests;

public class SpecialFunctionTests
{
    // To 20 digits from the series and continued fractions of the functions, evaluated with 60 digits.
    [Theory]
    [InlineData(1e-300, 1.1283791670955125739e-300)]
    [InlineData(0.001, 0.0011283787909692363799)]
    [InlineData(0.1, 0.11246291601828489220)]
    [InlineData(0.5, 0.52049987781304653768)]
    [InlineData(1, 0.84270079294971486934)]
    [InlineData(1.5, 0.96610514647531072707)]
    [InlineData(2, 0.99532226501895273416)]
    [InlineData(2.9, 0.99995890212190054117)]
    [InlineData(3.1, 0.99998835134263280040)]
    [InlineData(5, 0.99999999999846254021)]
    [InlineData(7, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    public void Erf_is_right_to_a_few_units_in_the_last_place(double x, double expected)
    {
        AssertClose(expected, Evaluate(Primitives.Erf, x));
        AssertClose(-expected, Evaluate(Primitives.Erf, -x));
    }

    [Theory]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e-10, 1.0000000000500000000e-10)]
    [InlineData(-0.25, -0.22119921692859513175)]
    [InlineData(0.5, 0.64872127070012814685)]
    [InlineData(1, 1.7182818284590452354)]
    [InlineData(-50, -1)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, -1)]
    public void Expm1_is_right_near_zero(double x, double expected) => AssertClose(expected, Evaluate(Primitives.Expm1, x));

    [Theory]
    [InlineData(1e-300, 1e-300)]
    [InlineData(1e-10, 9.9999999995000000000e-11)]
    [InlineData(-0.25, -0.28768207245178092744)]
    [InlineData(0.5, 0.40546510810816438198)]
    [InlineData(1e308, 709.19620864216609)]
    [InlineData(-1, double.NegativeInfinity)]
    [InlineData(-2, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log1p_is_right_near_zero(double x, double expected) => AssertClose(expected, Evaluate(Primitives.Log1p, x));

    [Theory]
    [InlineData(1e-9, 1e-9)]
    [InlineData(0.5, 0.46211715726000975850)]
    [InlineData(2, 0.96402758007581688395)]
    [InlineData(30, 1)]
    public void Tanh_is_right(double x, double expected) => AssertClose(expected, Evaluate(Primitives.Tanh, x));

    [Fact]
    public void Zeros_keep_their_sign()
    {
        foreach (var form in new[] { Primitives.Erf, Primitives.Expm1, Primitives.Log1p, Primitives.Tanh, Primitives.Sin, Primitives.Sign })
            Assert.True(double.IsNegative(Evaluate(form, -0.0)), form.Name);
    }

    private static double Evaluate(Primitive form, double x)
    {
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(form, [builder.Parameter(new(DType.Float64, Shape.Scalar))]));
        return BitConverter.ToDouble(ReferenceInterpreter.Run(builder.Build(), [MemoryMarshal.AsBytes<double>([x]).ToArray()], [])[0]);
    }

    private static void AssertClose(double expected, double actual)
    {
        if (!double.IsFinite(expected)) Assert.Equal(expected, actual);
        else Assert.InRange(actual, expected - UnitsInTheLastPlace(4, expected), expected + UnitsInTheLastPlace(4, expected));
    }

    private static double UnitsInTheLastPlace(int count, double x) => count * (Math.BitIncrement(Math.Abs(x)) - Math.Abs(x));
}

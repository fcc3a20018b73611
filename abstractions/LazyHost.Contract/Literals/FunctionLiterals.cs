using LazyHost.Operators;
using static LazyHost.Contract.Literal;

namespace LazyHost.Contract;

/// <summary>Rounding, roots, exponentials, logarithms, circular and hyperbolic functions: the ends of their domains and a few values known to all.</summary>
internal static class FunctionLiterals
{
    public static IEnumerable<Literal> All() => [.. Rounding(), .. Exponentials(), .. Roots(), .. Others()];

    private static IEnumerable<Literal> Rounding() =>
    [
        Of(Primitives.Floor, F32(1.5, -1.5, -0.5, 0.5, -0.0, Inf, NaN, 1e10)).Gives(F32(1, -2, -1, 0, -0.0, Inf, NaN, 1e10)),
        Of(Primitives.Floor, F16(-2.5, 7)).Gives(F16(-3, 7)),
        Of(Primitives.Ceil, F32(1.5, -1.5, -0.5, 0.5, -0.0, -Inf, NaN)).Gives(F32(2, -1, -0.0, 1, -0.0, -Inf, NaN)),
        Of(Primitives.Ceil, F64(4503599627370495.5, -2)).Gives(F64(4503599627370496, -2)),
        Of(Primitives.Round, F32(0.5, 1.5, 2.5, -0.5, -1.5, 2.4, NaN)).Gives(F32(0, 2, 2, -0.0, -2, 2, NaN)),
        Of(Primitives.Round, F64(0.49999999999999994, 3.5, -Inf)).Gives(F64(0, 4, -Inf)),
        Of(Primitives.Round, BF16(2.5, -3.5)).Gives(BF16(2, -4)),
        Of(Primitives.Trunc, F32(1.7, -1.7, -0.5, Inf, NaN)).Gives(F32(1, -1, -0.0, Inf, NaN)),
        Of(Primitives.Trunc, F16(-100.9, 0.9)).Gives(F16(-100, 0)),
    ];

    private static IEnumerable<Literal> Exponentials() =>
    [
        Of(Primitives.Exp, F32(0, 1, -1, -Inf, Inf, NaN, 200, -200)).GivesNearly(F32(1, Math.E, 1 / Math.E, 0, Inf, NaN, Inf, 0)),
        Of(Primitives.Exp, F64(0, 1, -0.0, 710, -750)).GivesNearly(F64(1, Math.E, 1, Inf, 0)),
        Of(Primitives.Exp, F16(0, 1, 12)).GivesNearly(F16(1, Math.E, Inf)),
        Of(Primitives.Expm1, F32(0, 1, -Inf, Inf, NaN, 1e-10)).GivesNearly(F32(0, 1.718281828459045, -1, Inf, NaN, 1e-10)),
        Of(Primitives.Expm1, F64(1e-5, -1)).GivesNearly(F64(1.0000050000166667e-5, -0.6321205588285577)),
        Of(Primitives.Expm1, F32(1e-10, -1e-20)).GivesRelatively(F32(1e-10, -1e-20)),
        Of(Primitives.Expm1, F64(1e-10, -1e-200)).GivesRelatively(F64(1.00000000005e-10, -1e-200)),
        Of(Primitives.Log, F32(1, Math.E, 0, -0.0, -1, Inf, NaN)).GivesNearly(F32(0, 1, -Inf, -Inf, NaN, Inf, NaN)),
        Of(Primitives.Log, F64(10, 2, 1)).GivesNearly(F64(2.302585092994046, 0.6931471805599453, 0)),
        Of(Primitives.Log, BF16(1, 0.5)).GivesNearly(BF16(0, -0.6931471805599453)),
        Of(Primitives.Log1p, F32(0, -1, -2, Inf, NaN, 1)).GivesNearly(F32(0, -Inf, NaN, Inf, NaN, 0.6931471805599453)),
        Of(Primitives.Log1p, F32(1e-10, -1e-20)).GivesRelatively(F32(1e-10, -1e-20)),
        Of(Primitives.Log1p, F64(1e-10, -1e-200)).GivesRelatively(F64(9.9999999995e-11, -1e-200)),
        Of(Primitives.Log1p, F64(1e-5, 1)).GivesNearly(F64(9.999950000333332e-6, 0.6931471805599453)),
    ];

    private static IEnumerable<Literal> Roots() =>
    [
        Of(Primitives.Sqrt, F32(4, 2, 0, -0.0, -1, Inf, NaN)).GivesNearly(F32(2, 1.4142135623730951, 0, -0.0, NaN, Inf, NaN)),
        Of(Primitives.Sqrt, F64(2, 1e300)).GivesNearly(F64(1.4142135623730951, 1e150)),
        Of(Primitives.Rsqrt, F32(4, 0.25, 0, Inf, -1, NaN)).GivesNearly(F32(0.5, 2, Inf, 0, NaN, NaN)),
        Of(Primitives.Rsqrt, F16(16, 0.0625)).GivesNearly(F16(0.25, 4)),
    ];

    private static IEnumerable<Literal> Others() =>
    [
        Of(Primitives.Sin, F32(0, Math.PI / 6, 1, -1, Inf, NaN)).GivesNearly(F32(0, 0.5, 0.8414709848078965, -0.8414709848078965, NaN, NaN)),
        Of(Primitives.Sin, F64(1, 100)).GivesNearly(F64(0.8414709848078965, -0.5063656411097588)),
        Of(Primitives.Cos, F32(0, 1, -1, -Inf, NaN)).GivesNearly(F32(1, 0.5403023058681398, 0.5403023058681398, NaN, NaN)),
        Of(Primitives.Cos, F64(2, 100)).GivesNearly(F64(-0.4161468365471424, 0.8623188722876839)),
        Of(Primitives.Tanh, F32(0, 1, -1, 30, -Inf, NaN)).GivesNearly(F32(0, 0.7615941559557649, -0.7615941559557649, 1, -1, NaN)),
        Of(Primitives.Tanh, F64(0.5, 400)).GivesNearly(F64(0.46211715726000975, 1)),
        Of(Primitives.Erf, F32(0, 1, -1, 10, -Inf, NaN)).GivesNearly(F32(0, 0.8427007929497149, -0.8427007929497149, 1, -1, NaN)),
        Of(Primitives.Tanh, F32(1e-10, -1e-20)).GivesRelatively(F32(1e-10, -1e-20)),
        Of(Primitives.Erf, F32(1e-10)).GivesRelatively(F32(1.1283791670955126e-10)),
        Of(Primitives.Sin, F32(1e-10)).GivesRelatively(F32(1e-10)),
        Of(Primitives.Exp, F32(-80, 80)).GivesRelatively(F32(1.8048513878454153e-35, 5.54062238439351e34)),
        Of(Primitives.Log, F32(1e-30, 1e30)).GivesRelatively(F32(-69.07755278982137, 69.07755278982137)),
        Of(Primitives.Erf, F64(0.5, 2)).GivesNearly(F64(0.5204998778130465, 0.9953222650189527)),
        Of(Primitives.Erf, F16(1, 0)).GivesNearly(F16(0.8427007929497149, 0)),
    ];
}

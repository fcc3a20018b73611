using LazyHost.IR;

namespace LazyHost.Backends.Reference;

/// <summary>Primitives over binary64, to be rounded to the element type when stored.</summary>
internal sealed class FloatArithmetic : Arithmetic<double>
{
    public override double Least => double.NegativeInfinity;

    public override double Greatest => double.PositiveInfinity;

    public override double[] Load(HostTensor tensor) => tensor.Doubles();

    public override HostTensor Store(TensorType type, double[] values)
    {
        var result = new HostTensor(type);
        result.Store(values);
        return result;
    }

    public override double Unary(PrimitiveKind kind, double x) => kind switch
    {
        PrimitiveKind.Neg => -x,
        PrimitiveKind.Abs => Math.Abs(x),
        PrimitiveKind.Sign => x > 0 ? 1 : x < 0 ? -1 : x,
        PrimitiveKind.Floor => Math.Floor(x),
        PrimitiveKind.Ceil => Math.Ceiling(x),
        PrimitiveKind.Round => Math.Round(x, MidpointRounding.ToEven),
        PrimitiveKind.Trunc => Math.Truncate(x),
        PrimitiveKind.Exp => Math.Exp(x),
        PrimitiveKind.Expm1 => SpecialFunctions.Expm1(x),
        PrimitiveKind.Log => Math.Log(x),
        PrimitiveKind.Log1p => SpecialFunctions.Log1p(x),
        PrimitiveKind.Sqrt => Math.Sqrt(x),
        PrimitiveKind.Rsqrt => 1 / Math.Sqrt(x),
        PrimitiveKind.Sin => Math.Sin(x),
        PrimitiveKind.Cos => Math.Cos(x),
        PrimitiveKind.Tanh => Math.Tanh(x),
        PrimitiveKind.Erf => SpecialFunctions.Erf(x),
        _ => throw new UnsupportedOperatorException($"{kind} does not take floating-point numbers"),
    };

    public override double Binary(PrimitiveKind kind, double a, double b) => kind switch
    {
        PrimitiveKind.Add => a + b,
        PrimitiveKind.Sub => a - b,
        PrimitiveKind.Mul => a * b,
        PrimitiveKind.Div => a / b,
        PrimitiveKind.Rem => a % b,
        PrimitiveKind.Pow => Math.Pow(a, b),
        PrimitiveKind.Max => Math.Max(a, b),
        PrimitiveKind.Min => Math.Min(a, b),
        PrimitiveKind.Atan2 => Math.Atan2(a, b),
        _ => throw new UnsupportedOperatorException($"{kind} does not take floating-point numbers"),
    };
}

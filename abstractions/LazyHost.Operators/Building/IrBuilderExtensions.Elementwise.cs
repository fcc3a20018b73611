using LazyHost.IR;

namespace LazyHost.Operators;

public static partial class IrBuilderExtensions
{
    /// <summary>-x.</summary>
    public static Value Neg(this IrBuilder builder, Value x) => builder.Emit(Operators.Neg.Form, [x]);

    /// <summary>|x|.</summary>
    public static Value Abs(this IrBuilder builder, Value x) => builder.Emit(Operators.Abs.Form, [x]);

    /// <summary>The sign of x.</summary>
    public static Value Sign(this IrBuilder builder, Value x) => builder.Emit(Operators.Sign.Form, [x]);

    /// <summary>e^x.</summary>
    public static Value Exp(this IrBuilder builder, Value x) => builder.Emit(Operators.Exp.Form, [x]);

    /// <summary>The natural logarithm.</summary>
    public static Value Log(this IrBuilder builder, Value x) => builder.Emit(Operators.Log.Form, [x]);

    /// <summary>log(1 + x).</summary>
    public static Value Log1p(this IrBuilder builder, Value x) => builder.Emit(Operators.Log1p.Form, [x]);

    /// <summary>The square root.</summary>
    public static Value Sqrt(this IrBuilder builder, Value x) => builder.Emit(Operators.Sqrt.Form, [x]);

    /// <summary>1 / sqrt(x).</summary>
    public static Value Rsqrt(this IrBuilder builder, Value x) => builder.Emit(Operators.Rsqrt.Form, [x]);

    /// <summary>1 / x.</summary>
    public static Value Reciprocal(this IrBuilder builder, Value x) => builder.Emit(Operators.Reciprocal.Form, [x]);

    /// <summary>x * x.</summary>
    public static Value Square(this IrBuilder builder, Value x) => builder.Emit(Operators.Square.Form, [x]);

    /// <summary>The sine.</summary>
    public static Value Sin(this IrBuilder builder, Value x) => builder.Emit(Operators.Sin.Form, [x]);

    /// <summary>The cosine.</summary>
    public static Value Cos(this IrBuilder builder, Value x) => builder.Emit(Operators.Cos.Form, [x]);

    /// <summary>The hyperbolic tangent.</summary>
    public static Value Tanh(this IrBuilder builder, Value x) => builder.Emit(Operators.Tanh.Form, [x]);

    /// <summary>The error function.</summary>
    public static Value Erf(this IrBuilder builder, Value x) => builder.Emit(Operators.Erf.Form, [x]);

    /// <summary>1 / (1 + e^-x).</summary>
    public static Value Sigmoid(this IrBuilder builder, Value x) => builder.Emit(Operators.Sigmoid.Form, [x]);

    /// <summary>x rounded down.</summary>
    public static Value Floor(this IrBuilder builder, Value x) => builder.Emit(Operators.Floor.Form, [x]);

    /// <summary>True where x is 0.</summary>
    public static Value LogicalNot(this IrBuilder builder, Value x) => builder.Emit(Operators.LogicalNot.Form, [x]);

    /// <summary>a + b.</summary>
    public static Value Add(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Add.Form, [a, b]);

    /// <summary>a + b, b being a constant of a's element type.</summary>
    public static Value Add(this IrBuilder builder, Value a, double b) => builder.Add(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a - b.</summary>
    public static Value Sub(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Sub.Form, [a, b]);

    /// <summary>a - b, b being a constant of a's element type.</summary>
    public static Value Sub(this IrBuilder builder, Value a, double b) => builder.Sub(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a * b.</summary>
    public static Value Mul(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Mul.Form, [a, b]);

    /// <summary>a * b, b being a constant of a's element type.</summary>
    public static Value Mul(this IrBuilder builder, Value a, double b) => builder.Mul(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a / b, fractional also for integers.</summary>
    public static Value Div(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Div.Form, [a, b]);

    /// <summary>a / b, fractional also for integers, b being a constant of a's element type.</summary>
    public static Value Div(this IrBuilder builder, Value a, double b) => builder.Div(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a ^ b.</summary>
    public static Value Pow(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Pow.Form, [a, b]);

    /// <summary>a ^ b, b being a constant of a's element type.</summary>
    public static Value Pow(this IrBuilder builder, Value a, double b) => builder.Pow(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>The greater.</summary>
    public static Value Maximum(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Maximum.Form, [a, b]);

    /// <summary>The greater, b being a constant of a's element type.</summary>
    public static Value Maximum(this IrBuilder builder, Value a, double b) => builder.Maximum(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>The lesser.</summary>
    public static Value Minimum(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Minimum.Form, [a, b]);

    /// <summary>a == b.</summary>
    public static Value Eq(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Eq.Form, [a, b]);

    /// <summary>a == b, b being a constant of a's element type.</summary>
    public static Value Eq(this IrBuilder builder, Value a, double b) => builder.Eq(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a != b.</summary>
    public static Value Ne(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Ne.Form, [a, b]);

    /// <summary>a &lt; b.</summary>
    public static Value Lt(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Lt.Form, [a, b]);

    /// <summary>a &lt; b, b being a constant of a's element type.</summary>
    public static Value Lt(this IrBuilder builder, Value a, double b) => builder.Lt(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a &lt;= b.</summary>
    public static Value Le(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Le.Form, [a, b]);

    /// <summary>a &lt;= b, b being a constant of a's element type.</summary>
    public static Value Le(this IrBuilder builder, Value a, double b) => builder.Le(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a > b.</summary>
    public static Value Gt(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Gt.Form, [a, b]);

    /// <summary>a > b, b being a constant of a's element type.</summary>
    public static Value Gt(this IrBuilder builder, Value a, double b) => builder.Gt(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>a >= b.</summary>
    public static Value Ge(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.Ge.Form, [a, b]);

    /// <summary>a >= b, b being a constant of a's element type.</summary>
    public static Value Ge(this IrBuilder builder, Value a, double b) => builder.Ge(a, builder.Constant(builder.DTypeOf(a), b));

    /// <summary>Both not 0.</summary>
    public static Value LogicalAnd(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.LogicalAnd.Form, [a, b]);

    /// <summary>One or both not 0.</summary>
    public static Value LogicalOr(this IrBuilder builder, Value a, Value b) => builder.Emit(Operators.LogicalOr.Form, [a, b]);

    /// <summary>a where the condition is true, else b.</summary>
    public static Value Where(this IrBuilder builder, Value condition, Value a, Value b) => builder.Emit(Operators.Where.Form, [condition, a, b]);

    /// <summary>a where the condition is true, else a constant of a's element type.</summary>
    public static Value Where(this IrBuilder builder, Value condition, Value a, double b) =>
        builder.Where(condition, a, builder.Constant(builder.DTypeOf(a), b));
}

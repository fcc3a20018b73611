using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>a + b. Shapes broadcast.</summary>
    public Tensor Add(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Add.Form, [this, other], default, file, line);

    /// <summary>a - b. Shapes broadcast.</summary>
    public Tensor Sub(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Sub.Form, [this, other], default, file, line);

    /// <summary>a * b. Shapes broadcast.</summary>
    public Tensor Mul(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Mul.Form, [this, other], default, file, line);

    /// <summary>a / b; integers give f32. Shapes broadcast.</summary>
    public Tensor Div(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Div.Form, [this, other], default, file, line);

    /// <summary>Remainder with the sign of b. Shapes broadcast.</summary>
    public Tensor Remainder(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Remainder.Form, [this, other], default, file, line);

    /// <summary>a ^ b. Shapes broadcast.</summary>
    public Tensor Pow(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Pow.Form, [this, other], default, file, line);

    /// <summary>The greater; NaN if either is. Shapes broadcast.</summary>
    public Tensor Maximum(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Maximum.Form, [this, other], default, file, line);

    /// <summary>The lesser; NaN if either is. Shapes broadcast.</summary>
    public Tensor Minimum(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Minimum.Form, [this, other], default, file, line);

    /// <summary>a == b, as bools. Shapes broadcast.</summary>
    public Tensor Eq(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Eq.Form, [this, other], default, file, line);

    /// <summary>a != b, as bools. Shapes broadcast.</summary>
    public Tensor Ne(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Ne.Form, [this, other], default, file, line);

    /// <summary>a &lt; b, as bools. Shapes broadcast.</summary>
    public Tensor Lt(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Lt.Form, [this, other], default, file, line);

    /// <summary>a &lt;= b, as bools. Shapes broadcast.</summary>
    public Tensor Le(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Le.Form, [this, other], default, file, line);

    /// <summary>a > b, as bools. Shapes broadcast.</summary>
    public Tensor Gt(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Gt.Form, [this, other], default, file, line);

    /// <summary>a >= b, as bools. Shapes broadcast.</summary>
    public Tensor Ge(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Ge.Form, [this, other], default, file, line);

    /// <summary>True where both are not 0. Shapes broadcast.</summary>
    public Tensor LogicalAnd(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.LogicalAnd.Form, [this, other], default, file, line);

    /// <summary>True where one is not 0. Shapes broadcast.</summary>
    public Tensor LogicalOr(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.LogicalOr.Form, [this, other], default, file, line);

    /// <summary>True where just one is not 0. Shapes broadcast.</summary>
    public Tensor LogicalXor(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.LogicalXor.Form, [this, other], default, file, line);

    /// <summary>Brought between two bounds.</summary>
    public Tensor Clamp(Operand low, Operand high, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Clamp.Form, [this, low, high], default, file, line);

    /// <summary>Elements of this where the condition (bool) holds, else of the other. Shapes broadcast.</summary>
    public Tensor Where(Tensor condition, Operand otherwise, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Where.Form, [condition, this, otherwise], default, file, line);

    /// <summary>Sum, element by element. Shapes broadcast.</summary>
    public static Tensor operator +(Tensor a, Tensor b) => Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor a, double b) => Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(double a, Tensor b) => Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(Tensor a, long b) => Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Sum with a number.</summary>
    public static Tensor operator +(long a, Tensor b) => Apply(Operators.Add.Form, [a, b], default, null, 0);

    /// <summary>Difference, element by element. Shapes broadcast.</summary>
    public static Tensor operator -(Tensor a, Tensor b) => Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(Tensor a, double b) => Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(double a, Tensor b) => Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(Tensor a, long b) => Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Difference with a number.</summary>
    public static Tensor operator -(long a, Tensor b) => Apply(Operators.Sub.Form, [a, b], default, null, 0);

    /// <summary>Product, element by element. Shapes broadcast.</summary>
    public static Tensor operator *(Tensor a, Tensor b) => Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor a, double b) => Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(double a, Tensor b) => Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(Tensor a, long b) => Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Product with a number.</summary>
    public static Tensor operator *(long a, Tensor b) => Apply(Operators.Mul.Form, [a, b], default, null, 0);

    /// <summary>Quotient, element by element. Shapes broadcast.</summary>
    public static Tensor operator /(Tensor a, Tensor b) => Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(Tensor a, double b) => Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(double a, Tensor b) => Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(Tensor a, long b) => Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>Quotient with a number.</summary>
    public static Tensor operator /(long a, Tensor b) => Apply(Operators.Div.Form, [a, b], default, null, 0);

    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor a) => Apply(Operators.Neg.Form, [a], default, null, 0);
}

using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>-x.</summary>
    public Tensor Neg([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Neg.Form, [this], default, file, line);

    /// <summary>|x|.</summary>
    public Tensor Abs([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Abs.Form, [this], default, file, line);

    /// <summary>-1, 0 or 1; NaN for NaN.</summary>
    public Tensor Sign([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Sign.Form, [this], default, file, line);

    /// <summary>e^x.</summary>
    public Tensor Exp([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Exp.Form, [this], default, file, line);

    /// <summary>e^x - 1, exact near 0.</summary>
    public Tensor Expm1([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Expm1.Form, [this], default, file, line);

    /// <summary>Natural logarithm.</summary>
    public Tensor Log([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Log.Form, [this], default, file, line);

    /// <summary>log(1 + x), exact near 0.</summary>
    public Tensor Log1p([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Log1p.Form, [this], default, file, line);

    /// <summary>Square root.</summary>
    public Tensor Sqrt([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Sqrt.Form, [this], default, file, line);

    /// <summary>1 / sqrt(x).</summary>
    public Tensor Rsqrt([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Rsqrt.Form, [this], default, file, line);

    /// <summary>Sine.</summary>
    public Tensor Sin([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Sin.Form, [this], default, file, line);

    /// <summary>Cosine.</summary>
    public Tensor Cos([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Cos.Form, [this], default, file, line);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Tanh.Form, [this], default, file, line);

    /// <summary>Error function.</summary>
    public Tensor Erf([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Erf.Form, [this], default, file, line);

    /// <summary>1 / (1 + e^-x).</summary>
    public Tensor Sigmoid([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Sigmoid.Form, [this], default, file, line);

    /// <summary>max(x, 0); NaN stays.</summary>
    public Tensor Relu([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Relu.Form, [this], default, file, line);

    /// <summary>x * sigmoid(x).</summary>
    public Tensor Silu([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Silu.Form, [this], default, file, line);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Reciprocal.Form, [this], default, file, line);

    /// <summary>x * x.</summary>
    public Tensor Square([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Square.Form, [this], default, file, line);

    /// <summary>Rounds down.</summary>
    public Tensor Floor([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Floor.Form, [this], default, file, line);

    /// <summary>Rounds up.</summary>
    public Tensor Ceil([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Ceil.Form, [this], default, file, line);

    /// <summary>Rounds to nearest, ties to even.</summary>
    public Tensor Round([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Round.Form, [this], default, file, line);

    /// <summary>Rounds towards zero.</summary>
    public Tensor Trunc([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Trunc.Form, [this], default, file, line);

    /// <summary>x times the normal distribution function of x; "tanh" approximates it.</summary>
    public Tensor Gelu(string approximate = "none", [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Gelu.Form, [this], Operators.Gelu.Encode(approximate), file, line);

    /// <summary>True where the element is 0.</summary>
    public Tensor LogicalNot([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.LogicalNot.Form, [this], default, file, line);

    /// <summary>The elements converted to another type; this tensor where it has it already.</summary>
    public Tensor To(DType type, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => type == DType ? this : Apply(Operators.Cast.Form, [this], Operators.Cast.Encode(type), file, line);
}

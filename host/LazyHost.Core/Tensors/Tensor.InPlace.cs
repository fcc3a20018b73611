using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

// Operations whose result is written to this tensor. Its shape and element type stay: an operation that gives another shape is a ShapeMismatchException, one whose
// results the type cannot hold (a fraction in integers, a number in bool) a DTypeMismatchException. Each returns this tensor.
public partial class Tensor
{
    /// <summary>a + b, in place.</summary>
    public Tensor AddInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Add.Form, [this, other], default, file, line);

    /// <summary>a - b, in place.</summary>
    public Tensor SubInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Sub.Form, [this, other], default, file, line);

    /// <summary>a * b, in place.</summary>
    public Tensor MulInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Mul.Form, [this, other], default, file, line);

    /// <summary>a / b, in place.</summary>
    public Tensor DivInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Div.Form, [this, other], default, file, line);

    /// <summary>Remainder with the sign of b, in place.</summary>
    public Tensor RemainderInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Remainder.Form, [this, other], default, file, line);

    /// <summary>a ^ b, in place.</summary>
    public Tensor PowInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Pow.Form, [this, other], default, file, line);

    /// <summary>The greater; NaN if either is, in place.</summary>
    public Tensor MaximumInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Maximum.Form, [this, other], default, file, line);

    /// <summary>The lesser; NaN if either is, in place.</summary>
    public Tensor MinimumInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Minimum.Form, [this, other], default, file, line);

    /// <summary>a == b, as 0 and 1, in place.</summary>
    public Tensor EqInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Eq.Form, [this, other], default, file, line);

    /// <summary>a != b, as 0 and 1, in place.</summary>
    public Tensor NeInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Ne.Form, [this, other], default, file, line);

    /// <summary>a &lt; b, as 0 and 1, in place.</summary>
    public Tensor LtInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Lt.Form, [this, other], default, file, line);

    /// <summary>a &lt;= b, as 0 and 1, in place.</summary>
    public Tensor LeInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Le.Form, [this, other], default, file, line);

    /// <summary>a > b, as 0 and 1, in place.</summary>
    public Tensor GtInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Gt.Form, [this, other], default, file, line);

    /// <summary>a >= b, as 0 and 1, in place.</summary>
    public Tensor GeInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Ge.Form, [this, other], default, file, line);

    /// <summary>1 where both are not 0, else 0, in place.</summary>
    public Tensor LogicalAndInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.LogicalAnd.Form, [this, other], default, file, line);

    /// <summary>1 where one is not 0, else 0, in place.</summary>
    public Tensor LogicalOrInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.LogicalOr.Form, [this, other], default, file, line);

    /// <summary>1 where just one is not 0, else 0, in place.</summary>
    public Tensor LogicalXorInPlace(Operand other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.LogicalXor.Form, [this, other], default, file, line);

    /// <summary>Brought between two bounds, in place.</summary>
    public Tensor ClampInPlace(Operand low, Operand high, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Clamp.Form, [this, low, high], default, file, line);

    /// <summary>Elements of the other where the condition (bool) does not hold, in place.</summary>
    public Tensor WhereInPlace(Tensor condition, Operand otherwise, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Where.Form, [condition, this, otherwise], default, file, line);

    /// <summary>-x, in place.</summary>
    public Tensor NegInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Neg.Form, [this], default, file, line);

    /// <summary>|x|, in place.</summary>
    public Tensor AbsInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Abs.Form, [this], default, file, line);

    /// <summary>-1, 0 or 1; NaN for NaN, in place.</summary>
    public Tensor SignInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Sign.Form, [this], default, file, line);

    /// <summary>e^x, in place.</summary>
    public Tensor ExpInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Exp.Form, [this], default, file, line);

    /// <summary>e^x - 1, exact near 0, in place.</summary>
    public Tensor Expm1InPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Expm1.Form, [this], default, file, line);

    /// <summary>Natural logarithm, in place.</summary>
    public Tensor LogInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Log.Form, [this], default, file, line);

    /// <summary>log(1 + x), exact near 0, in place.</summary>
    public Tensor Log1pInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Log1p.Form, [this], default, file, line);

    /// <summary>Square root, in place.</summary>
    public Tensor SqrtInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Sqrt.Form, [this], default, file, line);

    /// <summary>1 / sqrt(x), in place.</summary>
    public Tensor RsqrtInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Rsqrt.Form, [this], default, file, line);

    /// <summary>Sine, in place.</summary>
    public Tensor SinInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Sin.Form, [this], default, file, line);

    /// <summary>Cosine, in place.</summary>
    public Tensor CosInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Cos.Form, [this], default, file, line);

    /// <summary>Hyperbolic tangent, in place.</summary>
    public Tensor TanhInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Tanh.Form, [this], default, file, line);

    /// <summary>Error function, in place.</summary>
    public Tensor ErfInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Erf.Form, [this], default, file, line);

    /// <summary>1 / (1 + e^-x), in place.</summary>
    public Tensor SigmoidInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Sigmoid.Form, [this], default, file, line);

    /// <summary>max(x, 0); NaN stays, in place.</summary>
    public Tensor ReluInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Relu.Form, [this], default, file, line);

    /// <summary>x * sigmoid(x), in place.</summary>
    public Tensor SiluInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Silu.Form, [this], default, file, line);

    /// <summary>1 / x, in place.</summary>
    public Tensor ReciprocalInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Reciprocal.Form, [this], default, file, line);

    /// <summary>x * x, in place.</summary>
    public Tensor SquareInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Square.Form, [this], default, file, line);

    /// <summary>Rounds down, in place.</summary>
    public Tensor FloorInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Floor.Form, [this], default, file, line);

    /// <summary>Rounds up, in place.</summary>
    public Tensor CeilInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Ceil.Form, [this], default, file, line);

    /// <summary>Rounds to nearest, ties to even, in place.</summary>
    public Tensor RoundInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Round.Form, [this], default, file, line);

    /// <summary>Rounds towards zero, in place.</summary>
    public Tensor TruncInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Trunc.Form, [this], default, file, line);

    /// <summary>1 where the element is 0, else 0, in place.</summary>
    public Tensor LogicalNotInPlace([CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.LogicalNot.Form, [this], default, file, line);

    /// <summary>x times the normal distribution function of x, in place; "tanh" approximates it.</summary>
    public Tensor GeluInPlace(string approximate = "none", [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => InPlace(Operators.Gelu.Form, [this], Operators.Gelu.Encode(approximate), file, line);

    /// <summary>Elements set to 0 with a probability, the others divided by what remains, in place.</summary>
    public Tensor DropoutInPlace(double probability, Generator? generator = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Assign(Dropout(probability, generator, file, line), file, line);

    private Tensor InPlace(OperatorForm form, Operand[] operands, Attributes attributes, string? file, int line)
    {
        var result = InferType(form, operands, attributes, file, line);
        CallSite? site = file is null ? null : new(file, line);
        if (!result.Shape.Equals(Shape)) throw new ShapeMismatchException($"gives {result} but is to be written to {Type}; in place, shapes must broadcast to that of the tensor written").At(form.Name, site);
        if (Kind(result.DType) > Kind(DType))
            throw new DTypeMismatchException($"gives {result} but is to be written to {Type}, which cannot hold it; take the operation out of place, or convert its result and assign that").At(form.Name, site);
        return Assign(Apply(form, operands, attributes, file, line), file, line);

        static int Kind(DType type) => type.IsFloat() ? 2 : type.IsInteger() ? 1 : 0;
    }

    /// <summary>The type of an operation's first result, or its error, before anything is recorded.</summary>
    private static TensorType InferType(OperatorForm form, ReadOnlySpan<Operand> operands, Attributes attributes, string? file, int line)
    {
        var beside = Tape.TypeBeside(operands);
        var types = new TensorType[operands.Length];
        for (var i = 0; i < types.Length; i++) types[i] = operands[i].Tensor?.Type ?? new(operands[i].TypeBeside(beside), []);
        var results = new TensorType[form.OutputCount];
        try { form.Infer(new InferenceContext(form, types, attributes), results); }
        catch (LazyHostException e)
        {
            e.At(form.Name, file is null ? null : new(file, line));
            throw;
        }
        return results[0];
    }
}

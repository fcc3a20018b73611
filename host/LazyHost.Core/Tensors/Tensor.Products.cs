using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Matrix product by NumPy's rules: vectors, matrices, and batches of them, which broadcast.</summary>
    /// <exception cref="ShapeMismatchException">The inner dimensions differ.</exception>
    public Tensor MatMul(Tensor other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.MatMul.Form, [this, other], default, file, line);
}

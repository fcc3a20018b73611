using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Matrix product by NumPy's rules: vectors, matrices, and batches of them, which broadcast.</summary>
    /// <exception cref="ShapeMismatchException">The inner dimensions differ.</exception>
    public Tensor MatMul(Tensor other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.MatMul.Form, [this, other], default, file, line);

    /// <summary>Convolution of [N, C, H, W] with [filters, C / groups, KH, KW], and a bias of [filters].</summary>
    public Tensor Conv2d(Tensor weight, Tensor? bias = null, long stride = 1, long padding = 0, long dilation = 1, long groups = 1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var attributes = Operators.Convolution.Encode([stride, stride], [padding, padding], [dilation, dilation], groups);
        return bias is null
            ? Apply(Operators.Convolution.Form, [this, weight], attributes, file, line)
            : Apply(Operators.Convolution.Form, [this, weight, bias], attributes, file, line);
    }

    /// <summary>The greatest of each window of [N, C, H, W]; padding counts as the least value.</summary>
    public Tensor MaxPool2d(long kernel, long? stride = null, long padding = 0, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.MaxPool.Form, [this], Operators.MaxPool.Encode([kernel, kernel], [stride ?? kernel, stride ?? kernel], [padding, padding]), file, line);

    /// <summary>The mean of each window of [N, C, H, W].</summary>
    public Tensor AvgPool2d(long kernel, long? stride = null, long padding = 0, bool countIncludePad = true, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.AveragePool.Form, [this], Operators.AveragePool.Encode([kernel, kernel], [stride ?? kernel, stride ?? kernel], [padding, padding], countIncludePad), file, line);
}

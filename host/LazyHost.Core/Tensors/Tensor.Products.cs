using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Matrix product by NumPy's rules: vectors, matrices, and batches of them, which broadcast.</summary>
    /// <exception cref="ShapeMismatchException">The inner dimensions differ.</exception>
    public Tensor MatMul(Tensor other, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.MatMul.Form, [this, other], default, file, line);

    /// <summary>softmax(this · keyᵗ * scale + mask) · value, as in PyTorch: queries [..., L, E], keys [..., S, E], values [..., S, Ev]; leading dimensions broadcast.</summary>
    /// <param name="key">The keys.</param>
    /// <param name="value">The values.</param>
    /// <param name="mask">Broadcasts to [..., L, S]: numbers are added to the scores; false takes a key away from a query. A query without any key is NaN.</param>
    /// <param name="isCausal">Query i sees keys 0 .. i only; not together with a mask.</param>
    /// <param name="scale">What scores are multiplied by; 1 / sqrt(E) where it is null.</param>
    /// <param name="file">The caller's file.</param>
    /// <param name="line">The caller's line.</param>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="DTypeMismatchException">The element types differ.</exception>
    public Tensor ScaledDotProductAttention(Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.ScaledDotProductAttention.Form, mask is null ? [this, key, value] : [this, key, value, mask], Operators.ScaledDotProductAttention.Encode(isCausal, scale), file, line);

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

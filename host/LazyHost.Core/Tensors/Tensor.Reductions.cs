using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Sum over axes, or over all.</summary>
    public Tensor Sum(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Sum.Form, [this], Operators.Sum.Encode(axes, keepDims), file, line);

    /// <summary>Sum, along one axis.</summary>
    public Tensor Sum(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Sum.Form, [this], Operators.Sum.Encode([axis], keepDims), file, line);

    /// <summary>Mean over axes, or over all.</summary>
    public Tensor Mean(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Mean.Form, [this], Operators.Mean.Encode(axes, keepDims), file, line);

    /// <summary>Mean, along one axis.</summary>
    public Tensor Mean(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Mean.Form, [this], Operators.Mean.Encode([axis], keepDims), file, line);

    /// <summary>Product over axes, or over all.</summary>
    public Tensor Prod(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Prod.Form, [this], Operators.Prod.Encode(axes, keepDims), file, line);

    /// <summary>Product, along one axis.</summary>
    public Tensor Prod(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Prod.Form, [this], Operators.Prod.Encode([axis], keepDims), file, line);

    /// <summary>Greatest over axes, or over all; NaN if any.</summary>
    public Tensor Max(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Max.Form, [this], Operators.Max.Encode(axes, keepDims), file, line);

    /// <summary>Greatest, along one axis.</summary>
    public Tensor Max(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Max.Form, [this], Operators.Max.Encode([axis], keepDims), file, line);

    /// <summary>Least over axes, or over all; NaN if any.</summary>
    public Tensor Min(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Min.Form, [this], Operators.Min.Encode(axes, keepDims), file, line);

    /// <summary>Least, along one axis.</summary>
    public Tensor Min(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Min.Form, [this], Operators.Min.Encode([axis], keepDims), file, line);

    /// <summary>True where no element is 0.</summary>
    public Tensor All(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.All.Form, [this], Operators.All.Encode(axes, keepDims), file, line);

    /// <summary>True where no element is 0, along one axis.</summary>
    public Tensor All(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.All.Form, [this], Operators.All.Encode([axis], keepDims), file, line);

    /// <summary>True where an element is not 0.</summary>
    public Tensor Any(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Any.Form, [this], Operators.Any.Encode(axes, keepDims), file, line);

    /// <summary>True where an element is not 0, along one axis.</summary>
    public Tensor Any(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Any.Form, [this], Operators.Any.Encode([axis], keepDims), file, line);

    /// <summary>log(sum(e^x)), computed without overflow.</summary>
    public Tensor LogSumExp(long[]? axes = null, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.LogSumExp.Form, [this], Operators.LogSumExp.Encode(axes, keepDims), file, line);

    /// <summary>log(sum(e^x)), computed without, along one axis.</summary>
    public Tensor LogSumExp(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.LogSumExp.Form, [this], Operators.LogSumExp.Encode([axis], keepDims), file, line);

    /// <summary>Index of the greatest along an axis, the first of equals.</summary>
    public Tensor ArgMax(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.ArgMax.Form, [this], Operators.ArgMax.Encode(axis, keepDims), file, line);

    /// <summary>Index of the least along an axis, the first of equals.</summary>
    public Tensor ArgMin(long axis, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.ArgMin.Form, [this], Operators.ArgMin.Encode(axis, keepDims), file, line);

    /// <summary>Variance over axes, or over all: the sum of squared differences from the mean, divided by the count less <paramref name="correction"/>.</summary>
    public Tensor Var(long[]? axes = null, long correction = 1, bool keepDims = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Var.Form, [this], Operators.Var.Encode(axes, correction, keepDims), file, line);
}

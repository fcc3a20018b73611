using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>Single elements along an axis at indices of the result's shape.</summary>
    public Tensor Gather(long axis, Tensor indices, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.Gather.Form, [this, indices], Operators.Gather.Encode(axis), file, line);

    /// <summary>Whole slices along an axis at indices of any rank: an embedding, for axis 0.</summary>
    public Tensor IndexSelect(long axis, Tensor indices, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.IndexSelect.Form, [this, indices], Operators.IndexSelect.Encode(axis), file, line);

    /// <summary>This with updates added to single elements along an axis at indices.</summary>
    public Tensor ScatterAdd(long axis, Tensor indices, Tensor updates, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.ScatterAdd.Form, [this, indices, updates], Operators.ScatterAdd.Encode(axis), file, line);

    /// <summary>A new last dimension of 0 but for a 1 at each index.</summary>
    public Tensor OneHot(long classes, DType type = DType.Int64, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => Apply(Operators.OneHot.Form, [this], Operators.OneHot.Encode(classes, type), file, line);
}

using System.Runtime.CompilerServices;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>The elements in order along an axis, and the places, as i64, that they came from. Equal elements keep their order; NaN is the greatest.</summary>
    public (Tensor Values, Tensor Indices) Sort(long axis = -1, bool descending = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0)
    {
        var indices = new Tensor[1];
        var values = Record(Device, Operators.Sort.Form, [this], Operators.SortingForm.Encode(axis, descending), file, line, indices);
        return (values, indices[0]);
    }

    /// <summary>The places, as i64, of the elements along an axis in their order. Equal elements keep their order; NaN is the greatest.</summary>
    public Tensor ArgSort(long axis = -1, bool descending = false, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.ArgSort.Form, [this], Operators.SortingForm.Encode(axis, descending), file, line);
}

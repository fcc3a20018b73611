using LazyHost.IR;

namespace LazyHost.Operators;

public static partial class IrBuilderExtensions
{
    /// <summary>Single elements along an axis chosen by indices.</summary>
    public static Value Gather(this IrBuilder builder, Value x, Value indices, long axis) =>
        builder.Emit(Operators.Gather.Form, [x, indices], Operators.Gather.Encode(axis));

    /// <summary>x with single elements added along an axis at indices.</summary>
    public static Value ScatterAdd(this IrBuilder builder, Value x, Value indices, Value updates, long axis) =>
        builder.Emit(Operators.ScatterAdd.Form, [x, indices, updates], Operators.ScatterAdd.Encode(axis));

    /// <summary>Whole slices along an axis chosen by indices.</summary>
    public static Value IndexSelect(this IrBuilder builder, Value x, Value indices, long axis) =>
        builder.Emit(Operators.IndexSelect.Form, [x, indices], Operators.IndexSelect.Encode(axis));

    /// <summary>x with whole slices added along an axis at indices.</summary>
    public static Value IndexAdd(this IrBuilder builder, Value x, Value indices, Value updates, long axis) =>
        builder.Emit(Operators.IndexAdd.Form, [x, indices, updates], Operators.IndexAdd.Encode(axis));

    /// <summary>e^x divided by its sum along an axis.</summary>
    public static Value Softmax(this IrBuilder builder, Value x, long axis) => builder.Emit(Operators.Softmax.Form, [x], SoftmaxForm.Encode(axis));
}

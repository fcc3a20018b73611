using System.Runtime.CompilerServices;
using LazyHost.IR;

namespace LazyHost;

public partial class Tensor
{
    /// <summary>The same elements under other sizes; one may be -1 and is worked out.</summary>
    public Tensor Reshape(params ReadOnlySpan<long> sizes) => View(Operators.Reshape.Form, Operators.Reshape.Encode(sizes), null, 0);

    /// <summary>Dimension i of the result is dimension order[i] of this.</summary>
    public Tensor Permute(params ReadOnlySpan<long> order) => View(Operators.Permute.Form, Operators.Permute.Encode(order), null, 0);

    /// <summary>Two dimensions exchanged; the last two by default.</summary>
    public Tensor Transpose(long axis0 = -2, long axis1 = -1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => View(Operators.Transpose.Form, Operators.Transpose.Encode(axis0, axis1), file, line);

    /// <summary>Repeated along dimensions of size 1, and along new ones in front.</summary>
    public Tensor BroadcastTo(Shape shape, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) => View(Operators.BroadcastTo.Form, Operators.BroadcastTo.Encode(shape.Sizes), file, line);

    /// <summary>Without dimensions of size 1: the named ones, or all.</summary>
    public Tensor Squeeze(params ReadOnlySpan<long> axes) => View(Operators.Squeeze.Form, Operators.Squeeze.Encode(axes), null, 0);

    /// <summary>With dimensions of size 1 at these places of the result.</summary>
    public Tensor Unsqueeze(params ReadOnlySpan<long> axes) => View(Operators.Unsqueeze.Form, Operators.Unsqueeze.Encode(axes), null, 0);

    /// <summary>Every step-th element from start to before end along an axis; negative places count from the end.</summary>
    public Tensor Slice(long axis, long start, long end = long.MaxValue, long step = 1, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        View(Operators.Slice.Form, Operators.Slice.Encode([axis], [start], [end], [step]), file, line);

    /// <summary>In reverse order along axes.</summary>
    public Tensor Flip(params ReadOnlySpan<long> axes) => Apply(Operators.Flip.Form, [this], Operators.Flip.Encode(axes), null, 0);

    /// <summary>With elements of one value added before and after each dimension.</summary>
    public Tensor Pad(ReadOnlySpan<long> low, ReadOnlySpan<long> high, Operand value, [CallerFilePath] string? file = null, [CallerLineNumber] int line = 0) =>
        Apply(Operators.Pad.Form, [this, value], Operators.Pad.Encode(low, high), file, line);

    /// <summary>Joined along an axis.</summary>
    public static Tensor Concat(long axis, params ReadOnlySpan<Tensor> tensors) => Apply(Operators.Concat.Form, Operands(Operators.Concat.Form, tensors), Operators.Concat.Encode(axis), null, 0);

    /// <summary>Joined along a new axis.</summary>
    public static Tensor Stack(long axis, params ReadOnlySpan<Tensor> tensors) => Apply(Operators.Stack.Form, Operands(Operators.Stack.Form, tensors), Operators.Stack.Encode(axis), null, 0);

    private static Operand[] Operands(OperatorForm form, ReadOnlySpan<Tensor> tensors)
    {
        if (tensors.IsEmpty) throw new InvalidAttributeException("there is no tensor; give it at least one").At(form.Name, SourceFrames.Site(null, 0));
        var operands = new Operand[tensors.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = tensors[i];
        return operands;
    }
}

using System.Numerics;
using LazyHost;
using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;

namespace CustomOperator;

/// <summary>The number of bits that are set in each element, in the element's own type.</summary>
public sealed class PopCount : UnaryForm, IHostKernel
{
    private PopCount() : base("popcount") { }

    /// <summary>The form.</summary>
    public static PopCount Form { get; } = new();

    /// <inheritdoc/>
    public override IReadOnlyList<DType> DTypes { get; } =
        [DType.Int8, DType.Int16, DType.Int32, DType.Int64, DType.UInt8, DType.UInt16, DType.UInt32, DType.UInt64];

    /// <inheritdoc/>
    public override bool IsDifferentiable => false;

    /// <inheritdoc/>
    protected override (double Low, double High) SampleRange => (-100, 100);

    /// <inheritdoc/>
    public override Tolerance Tolerance(DType type) => LazyHost.IR.Tolerance.Exact;

    /// <inheritdoc/>
    protected override Value Formula(IrBuilder builder, Value x, Attributes attributes)
    {
        var (type, one) = (builder.DTypeOf(x), builder.ConstantLike(x, 1));
        var sum = builder.Emit(Primitives.And, [x, one]);
        for (var bit = 1; bit < 8 * type.Size(); bit++)
            sum = builder.Add(sum, builder.Emit(Primitives.And, [builder.Emit(Primitives.ShiftRight, [x, builder.ConstantLike(x, bit)]), one]));
        return sum;
    }

    /// <inheritdoc/>
    protected override Value Gradient(GradientContext context, Value gradient) => throw new GradientException("bits have no gradient");

    /// <inheritdoc/>
    public void Run(in HostKernelArguments arguments)
    {
        switch (arguments.Operands[0].DType)
        {
            case DType.Int8: Count<sbyte>(arguments); break;
            case DType.Int16: Count<short>(arguments); break;
            case DType.Int32: Count<int>(arguments); break;
            case DType.Int64: Count<long>(arguments); break;
            case DType.UInt8: Count<byte>(arguments); break;
            case DType.UInt16: Count<ushort>(arguments); break;
            case DType.UInt32: Count<uint>(arguments); break;
            default: Count<ulong>(arguments); break;
        }
    }

    private static void Count<T>(in HostKernelArguments arguments) where T : unmanaged, IBinaryInteger<T>
    {
        var from = arguments.Input<T>(0);
        var to = arguments.Output<T>(0);
        for (var i = 0; i < from.Length; i++) to[i] = T.PopCount(from[i]);
    }
}

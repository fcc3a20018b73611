using System.Numerics;
using LazyHost.Lowering.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>
/// The numbers that the code of a kernel reads, and their places: those of <see cref="KernelNumbers"/>, the constants in the form of their lanes, the slots of its
/// scalars, and for every loop what positions are divided by.
/// </summary>
internal sealed class KernelData
{
    private readonly Kernel kernel;
    private readonly int[] slots;
    private readonly int first, numbers;

    public KernelData(Kernel kernel)
    {
        this.kernel = kernel;
        slots = [.. kernel.Expressions.Where(e => e.Kind == KernelExpressionKind.Scalar).Select(e => e.Index).Distinct()];
        first = KernelNumbers.FirstConstant(kernel);
        numbers = first + KernelNumbers.Constants(kernel).Count;
    }

    public int Scalars => slots.Length;

    public int OuterCount => numbers + slots.Length;

    public int InnerCount => OuterCount + 1;

    /// <summary>Where the slot of a scalar of the template lies; of a constant, the constant itself.</summary>
    public int Scalar(int index) => index < slots.Length ? numbers + index : first + index - slots.Length;

    public bool IsConstant(int index) => index >= slots.Length;

    /// <summary>By which positions are divided along a loop.</summary>
    public int Divisor(int loop) => InnerCount + 1 + (3 * loop);

    /// <summary>A factor and a shift that do the same for positions below 2^31: (position * factor) >> shift.</summary>
    public int Factor(int loop) => Divisor(loop) + 1;

    public int Shift(int loop) => Divisor(loop) + 2;

    /// <summary>The kernel with its scalars numbered by itself, and plain constants as further scalars.</summary>
    public Kernel Template()
    {
        var constants = KernelNumbers.Constants(kernel);
        return kernel with
        {
            Expressions = [.. kernel.Expressions.Select((e, i) => e.Kind switch
            {
                KernelExpressionKind.Scalar => e with { Index = Array.IndexOf(slots, e.Index) },
                KernelExpressionKind.Constant when constants.IndexOf(i) is >= 0 and var place => new KernelExpression(KernelExpressionKind.Scalar, e.DType) { Index = slots.Length + place },
                _ => e,
            })],
        };
    }

    /// <summary>The numbers themselves.</summary>
    /// <param name="copies">Points a thread takes along the last loop.</param>
    public long[] Values(int copies)
    {
        var values = new long[Divisor(kernel.Sizes.Count)];
        var place = 0;
        foreach (var (value, _) in KernelNumbers.Of(kernel)) values[place++] = value;
        foreach (var (i, constant) in KernelNumbers.Constants(kernel).Index())
        {
            var e = kernel.Expressions[constant];
            if (e.DType.IsFloat() && e.DType != DType.Float64) values[first + i] = BitConverter.SingleToInt32Bits((float)BitConverter.Int64BitsToDouble(e.Bits));
        }
        foreach (var slot in slots) values[place++] = slot;
        values[place++] = kernel.OuterCount;
        values[place++] = kernel.InnerCount;
        for (var loop = 0; loop < kernel.Sizes.Count; loop++)
        {
            var divisor = (ulong)Math.Max(1, loop == kernel.Sizes.Count - 1 ? kernel.Sizes[loop] / copies : kernel.Sizes[loop]);
            var log = divisor == 1 ? 0 : BitOperations.Log2(divisor - 1) + 1;
            values[place++] = (long)divisor;
            values[place++] = log > 31 ? 0 : (long)(((1UL << (31 + log)) / divisor) + 1);
            values[place++] = 31 + log;
        }
        return values;
    }
}

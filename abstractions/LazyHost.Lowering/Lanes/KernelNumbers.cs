using LazyHost.IR;
using LazyHost.Lowering.Programs;

namespace LazyHost.Lowering.Lanes;

/// <summary>
/// The numbers of a kernel by which kernels of one structure differ: sizes of loops; offset, strides and bounds of every access; constants. They have an order, in
/// which a number is known by its place. What code depends on beside their values (0, 1, many) is their class.
/// </summary>
public static class KernelNumbers
{
    /// <summary>The numbers of a kernel, with their classes.</summary>
    public static List<(long Value, long Class)> Of(Kernel kernel)
    {
        var numbers = new List<(long, long)>();
        foreach (var size in kernel.Sizes) numbers.Add((size, size <= 1 ? size : size < int.MaxValue ? 2 : 3));
        foreach (var access in kernel.Accesses)
        {
            numbers.Add((access.Offset, 0));
            foreach (var stride in access.Strides) numbers.Add((stride, stride is 0 or 1 ? stride : 2));
            foreach (var guard in access.Guards)
            {
                numbers.Add((guard.Low, 0));
                numbers.Add((guard.High, 0));
            }
        }
        foreach (var constant in Constants(kernel)) numbers.Add((kernel.Expressions[constant].Bits, 0));
        return numbers;
    }

    /// <summary>The place of the size of a loop.</summary>
    public static int Size(int loop) => loop;

    /// <summary>The place of the offset of an access.</summary>
    public static int Offset(Kernel kernel, int access)
    {
        var place = kernel.Sizes.Count;
        for (var i = 0; i < access; i++) place += 1 + kernel.Sizes.Count + (2 * kernel.Accesses[i].Guards.Count);
        return place;
    }

    /// <summary>The place of the stride of an access along a loop.</summary>
    public static int Stride(Kernel kernel, int access, int loop) => Offset(kernel, access) + 1 + loop;

    /// <summary>The place of a bound of a guard.</summary>
    public static int Guard(Kernel kernel, int access, int guard, bool isHigh) => Offset(kernel, access) + 1 + kernel.Sizes.Count + (2 * guard) + (isHigh ? 1 : 0);

    /// <summary>The place of the first constant.</summary>
    public static int FirstConstant(Kernel kernel) => Offset(kernel, kernel.Accesses.Count);

    /// <summary>The constants that only plain arithmetic and comparisons take: code does not depend on what they are.</summary>
    public static List<int> Constants(Kernel kernel)
    {
        var plain = kernel.Expressions.Select(e => e.Kind == KernelExpressionKind.Constant && e.DType != DType.Bool).ToArray();
        foreach (var e in kernel.Expressions)
            if (e.Kind == KernelExpressionKind.Apply && !IsPlain(e.Primitive))
                foreach (var operand in e.Operands) plain[operand] = false;
        foreach (var access in kernel.Accesses)
            if (access.Fill >= 0) plain[access.Fill] = false;
        return [.. Enumerable.Range(0, plain.Length).Where(i => plain[i])];
    }

    private static bool IsPlain(PrimitiveKind kind) => kind is PrimitiveKind.Add or PrimitiveKind.Sub or PrimitiveKind.Mul or PrimitiveKind.Div
        or PrimitiveKind.Eq or PrimitiveKind.Ne or PrimitiveKind.Lt or PrimitiveKind.Le or PrimitiveKind.Gt or PrimitiveKind.Ge;
}

namespace LazyHost.Lowering.Programs;

/// <summary>How a kernel's loops walk a buffer: element = Offset + sum of index[d] * Strides[d]. Strides may be 0 (broadcast) or negative (reverse).</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Offset">The element at index 0.</param>
/// <param name="Strides">Elements per step, one for each loop of the kernel.</param>
/// <param name="Guards">Loops outside whose range a load gives <paramref name="Fill"/> instead of reading. Empty for stores.</param>
/// <param name="Fill">The expression (a constant or scalar) a guarded load gives outside, or -1.</param>
public sealed record KernelAccess(int Buffer, DType DType, long Offset, IReadOnlyList<long> Strides, IReadOnlyList<AccessGuard> Guards, int Fill = -1);

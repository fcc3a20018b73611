using System.Numerics;
using ILGPU;
using LazyHost.Backends.Ilgpu.Execution;
using LazyHost.Backends.Ilgpu.Numbers;

namespace LazyHost.Backends.Ilgpu.Convolutions;

/// <summary>What convolutions run beside the product.</summary>
internal static class ConvolutionKernels
{
    /// <summary>Lists the taps of a group's filters.</summary>
    public static void ListTaps(ArrayView<Tap> taps, WindowSizes sizes)
    {
        for (var i = Walk.First; i < sizes.Depth; i += Walk.Step)
        {
            var rest = Division.Divide(i, sizes.Taps.C, out var c);
            rest = Division.Divide(rest, sizes.Taps.B, out var b);
            var channel = Division.Divide(rest, sizes.Taps.A, out var a);
            var tap = new Tap { Place = (int)channel * sizes.OverCount, A = (int)a * sizes.DilationW.A, B = (int)b * sizes.DilationW.B, C = (int)c * sizes.DilationW.C };
            if (!sizes.HasZeros) tap.Place += (((tap.A * sizes.Over.B) + tap.B) * sizes.Over.C) + tap.C;
            taps[i] = tap;
        }
    }

    /// <summary>A thread for each result, where groups have too few filters to fill tiles.</summary>
    public static void Each<TStored, T, TStorage>(ArrayView<TStored> x, ArrayView<TStored> filters, ArrayView<TStored> to, WindowLines windows, WindowSizes sizes)
        where TStored : unmanaged where T : unmanaged, INumber<T> where TStorage : struct, IStorage<TStored, T>
    {
        for (var i = Walk.First; i < (long)sizes.Columns * sizes.Filters; i += Walk.Step)
        {
            var image = Division.Divide(Division.Divide(i, sizes.ResultCount, out var place), sizes.Filters, out var filter);
            var line = windows;
            line.Begin(Division.Divide(filter, sizes.Rows, out _), (int)((image * sizes.ResultCount) + place));
            var sum = T.Zero;
            for (var depth = 0; depth < sizes.Depth; depth++) sum += TStorage.Widen(filters[(filter * sizes.Depth) + depth]) * line.One<TStored, T, TStorage>(x, depth);
            to[i] = TStorage.Narrow(sum);
        }
    }
}

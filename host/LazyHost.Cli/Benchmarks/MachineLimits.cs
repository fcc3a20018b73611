using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LazyHost.Cli.Benchmarks;

/// <summary>What the machine can do at most, measured now: the bounds that times are to be compared with.</summary>
internal static class MachineLimits
{
    private const int Repeats = 5;
    private const int CopyBytes = 256 << 20;
    private const int Rounds = 4_000_000;
    private const int Accumulators = 12;

    /// <summary>Bytes read and written by the best of some large copies, in 10^9 bytes a second.</summary>
    public static unsafe double CopyBandwidth(int threads)
    {
        var part = (nuint)(CopyBytes / threads);
        var source = (byte*)NativeMemory.AllocZeroed((nuint)threads, part);
        var target = (byte*)NativeMemory.AllocZeroed((nuint)threads, part);
        try
        {
            var seconds = Best(threads, i => NativeMemory.Copy(source + ((nuint)i * part), target + ((nuint)i * part), part));
            return 2.0 * part * threads / seconds / 1e9;
        }
        finally
        {
            NativeMemory.Free(source);
            NativeMemory.Free(target);
        }
    }

    /// <summary>Float32 multiplications and additions by the widest fused multiply-add, in 10^9 a second.</summary>
    public static double MultiplyAddPeak(int threads)
    {
        var (width, chain) = Vector512.IsHardwareAccelerated ? (Vector512<float>.Count, Chain<Vector512<float>, Wide512>)
            : Vector256.IsHardwareAccelerated ? (Vector256<float>.Count, Chain<Vector256<float>, Wide256>)
            : (Vector128<float>.Count, (Func<float>)Chain<Vector128<float>, Wide128>);
        var seconds = Best(threads, _ => Consume(chain()));
        return 2.0 * width * Accumulators * Rounds * threads / seconds / 1e9;
    }

    /// <summary>The least time for which all threads worked together, after one run to warm up.</summary>
    private static double Best(int threads, Action<int> work)
    {
        var best = double.MaxValue;
        for (var repeat = 0; repeat <= Repeats; repeat++)
        {
            using var ready = new Barrier(threads + 1);
            var workers = Enumerable.Range(0, threads).Select(i => new Thread(() =>
            {
                ready.SignalAndWait();
                work(i);
            })).ToList();
            workers.ForEach(w => w.Start());
            ready.SignalAndWait();
            var start = Stopwatch.GetTimestamp();
            workers.ForEach(w => w.Join());
            if (repeat > 0) best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Consume(float value) => GC.KeepAlive(value);

    // Twelve independent chains hide the latency of a multiply-add on every processor sold today.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain<TVector, TOperations>() where TVector : struct where TOperations : IMultiplyAdd<TVector>
    {
        TVector x = TOperations.Create(0.999f), y = TOperations.Create(1e-6f);
        TVector a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var n = 0; n < Rounds; n++)
        {
            a = TOperations.Apply(a, x, y); b = TOperations.Apply(b, x, y); c = TOperations.Apply(c, x, y); d = TOperations.Apply(d, x, y);
            e = TOperations.Apply(e, x, y); f = TOperations.Apply(f, x, y); g = TOperations.Apply(g, x, y); h = TOperations.Apply(h, x, y);
            i = TOperations.Apply(i, x, y); j = TOperations.Apply(j, x, y); k = TOperations.Apply(k, x, y); l = TOperations.Apply(l, x, y);
        }
        return TOperations.First(a) + TOperations.First(b) + TOperations.First(c) + TOperations.First(d) + TOperations.First(e) + TOperations.First(f)
            + TOperations.First(g) + TOperations.First(h) + TOperations.First(i) + TOperations.First(j) + TOperations.First(k) + TOperations.First(l);
    }

    private interface IMultiplyAdd<TVector>
    {
        static abstract TVector Create(float value);

        static abstract TVector Apply(TVector a, TVector b, TVector c);

        static abstract float First(TVector vector);
    }

    private readonly struct Wide512 : IMultiplyAdd<Vector512<float>>
    {
        public static Vector512<float> Create(float value) => Vector512.Create(value);

        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

        public static float First(Vector512<float> vector) => vector.ToScalar();
    }

    private readonly struct Wide256 : IMultiplyAdd<Vector256<float>>
    {
        public static Vector256<float> Create(float value) => Vector256.Create(value);

        public static Vector256<float> Apply(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Vector256.FusedMultiplyAdd(a, b, c);

        public static float First(Vector256<float> vector) => vector.ToScalar();
    }

    private readonly struct Wide128 : IMultiplyAdd<Vector128<float>>
    {
        public static Vector128<float> Create(float value) => Vector128.Create(value);

        public static Vector128<float> Apply(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.FusedMultiplyAdd(a, b, c);

        public static float First(Vector128<float> vector) => vector.ToScalar();
    }
}

using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Sum (0), maximum (1) or minimum (2) over a sliding window; padding counts as the identity.</summary>
internal sealed unsafe class ReduceWindowCall<T>(Window window, long kind) : LibraryCall where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Window = window, Kind = kind, From = (T*)inputs[0], To = (T*)outputs[0] };
        context.Workers.Run(ref work, window.Planes);
    }

    private struct Work : IWork
    {
        public Window Window;
        public long Kind;
        public T* From, To;

        public readonly void Run(long plane)
        {
            if (Kind == 0) Walk<Sum>(plane);
            else if (Kind == 1) Walk<Greatest>(plane);
            else Walk<Least>(plane);
        }

        /// <summary>Tap by tap over whole rows of results, which sees each result's elements in row-major order as well.</summary>
        private readonly void Plane<TFold>(T* from, T* to) where TFold : struct, IFold
        {
            var window = new PlaneWindow(Window);
            for (long row = 0; row < window.Rows; row++, to += window.Columns)
            {
                for (long i = 0; i < window.Columns; i++) to[i] = TFold.Identity;
                for (long down = 0; down < window.TapsDown; down++)
                {
                    var at = (row * window.StepDown) + down - window.Above;
                    if ((ulong)at >= (ulong)window.Height) continue;
                    for (long across = 0; across < window.TapsAcross; across++)
                    {
                        var (first, end) = window.Inside(across);
                        var (step, source) = (window.StepAcross, (nint)(from + (at * window.Width) + across - window.Before));
                        for (var i = first; i < end; i++) to[i] = TFold.Apply(to[i], ((T*)source)[i * step]);
                    }
                }
            }
        }

        private readonly void Walk<TFold>(long plane) where TFold : struct, IFold
        {
            if (Window.Rank <= 2) { Plane<TFold>(From + (plane * Window.OverCount), To + (plane * Window.ResultCount)); return; }
            var from = From + (plane * Window.OverCount);
            var to = To + (plane * Window.ResultCount);
            var walk = new WindowWalk(Window, stackalloc long[4 * Window.Rank]);
            for (long i = 0; i < Window.ResultCount; i++, walk.Next())
            {
                var result = TFold.Identity;
                if (walk.Enter(out var offset))
                    do
                    {
                        var length = walk.RowLength;
                        for (long n = 0; n < length; n++) result = TFold.Apply(result, from[offset + n]);
                    }
                    while (walk.NextRow(ref offset));
                to[i] = result;
            }
        }
    }

    private interface IFold
    {
        static abstract T Identity { get; }

        static abstract T Apply(T a, T b);
    }

    private readonly struct Sum : IFold
    {
        public static T Identity => T.Zero;

        public static T Apply(T a, T b) => a + b;
    }

    private readonly struct Greatest : IFold
    {
        public static T Identity => Extremes<T>.Least;

        public static T Apply(T a, T b) => T.Max(a, b);
    }

    private readonly struct Least : IFold
    {
        public static T Identity => Extremes<T>.Greatest;

        public static T Apply(T a, T b) => T.Min(a, b);
    }
}

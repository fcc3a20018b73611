using System.Numerics;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Libraries;

namespace LazyHost.Backends.Simd.Calls;

/// <summary>Adds each source element at the place of its window's first greatest element; NaN is greatest.</summary>
internal sealed unsafe class SelectAndScatterCall<T>(Window window) : LibraryCall where T : unmanaged, INumber<T>
{
    public override void Run(byte** inputs, byte** outputs, in RunContext context)
    {
        var work = new Work { Window = window, From = (T*)inputs[0], Source = (T*)inputs[1], To = (T*)outputs[0] };
        context.Workers.Run(ref work, window.Planes);
    }

    private struct Work : IWork
    {
        public Window Window;
        public T* From, Source, To;

        private readonly void Plane(T* from, T* source, T* to)
        {
            var window = new PlaneWindow(Window);
            for (long row = 0; row < window.Rows; row++)
            {
                var (top, bottom) = (Math.Max(0, (row * window.StepDown) - window.Above), Math.Min(window.Height, (row * window.StepDown) - window.Above + window.TapsDown));
                for (long column = 0; column < window.Columns; column++, source++)
                {
                    var (left, right) = (Math.Max(0, (column * window.StepAcross) - window.Before), Math.Min(window.Width, (column * window.StepAcross) - window.Before + window.TapsAcross));
                    if (top >= bottom || left >= right) continue;
                    var best = (top * window.Width) + left;
                    var greatest = from[best];
                    for (var y = top; y < bottom; y++)
                        for (var x = left; x < right; x++)
                        {
                            var challenger = from[(y * window.Width) + x];
                            if (challenger <= greatest || NumberOrder.Compare(challenger, greatest) <= 0) continue;
                            (best, greatest) = ((y * window.Width) + x, challenger);
                        }
                    to[best] += *source;
                }
            }
        }

        public readonly void Run(long plane)
        {
            var from = From + (plane * Window.OverCount);
            var source = Source + (plane * Window.ResultCount);
            var to = To + (plane * Window.OverCount);
            for (long i = 0; i < Window.OverCount; i++) to[i] = T.Zero;
            if (Window.Rank <= 2) { Plane(from, source, to); return; }
            var walk = new WindowWalk(Window, stackalloc long[4 * Window.Rank]);
            for (long i = 0; i < Window.ResultCount; i++, walk.Next())
            {
                if (!walk.Enter(out var offset)) continue;
                var best = offset;
                do
                {
                    var length = walk.RowLength;
                    for (long n = 0; n < length; n++)
                        if (NumberOrder.Compare(from[offset + n], from[best]) > 0) best = offset + n;
                }
                while (walk.NextRow(ref offset));
                to[best] += source[i];
            }
        }
    }
}

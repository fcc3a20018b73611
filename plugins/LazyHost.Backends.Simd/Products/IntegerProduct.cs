using System.Numerics;
using LazyHost.Backends.Simd.Threading;

namespace LazyHost.Backends.Simd.Products;

/// <summary>C = A · B by plain loops, for element types without register tiles. Integers wrap.</summary>
internal static unsafe class IntegerProduct<T> where T : unmanaged, INumber<T>
{
    public static void Multiply(long m, long n, long k, Matrix<T> a, Matrix<T> b, Matrix<T> c, WorkerPool workers)
    {
        var work = new Work { N = n, K = k, A = a, B = b, C = c };
        workers.Run(ref work, m);
    }

    private struct Work : IWork
    {
        public long N, K;
        public Matrix<T> A, B, C;

        public readonly void Run(long row)
        {
            for (long j = 0; j < N; j++) *C.From(row, j).Data = T.Zero;
            for (long p = 0; p < K; p++)
            {
                var x = *A.From(row, p).Data;
                for (long j = 0; j < N; j++) *C.From(row, j).Data += x * *B.From(p, j).Data;
            }
        }
    }
}

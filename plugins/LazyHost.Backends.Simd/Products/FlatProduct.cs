using System.Runtime.Intrinsics;
using LazyHost.Backends.Simd.Threading;

namespace LazyHost.Backends.Simd.Products;

/// <summary>
/// Products with a vector, which memory bounds: rows of a matrix that lie packed along k, each times a packed vector. Every result is summed by one thread, in lanes of 256 bits at every width.
/// </summary>
internal static unsafe class FlatProduct<T> where T : unmanaged
{
    private const long PieceElements = 1 << 16;

    public static void Multiply(long rows, long k, Matrix<T> matrix, T* vector, T* to, long stride, WorkerPool workers, bool isParallel)
    {
        var perPiece = Math.Max(1, PieceElements / k);
        var work = new Work { Rows = rows, K = k, PerPiece = perPiece, A = matrix, Vector = vector, To = to, Stride = stride };
        var pieces = (rows + perPiece - 1) / perPiece;
        if (isParallel) workers.Run(ref work, pieces);
        else for (long i = 0; i < pieces; i++) work.Run(i);
    }

    private struct Work : IWork
    {
        public long Rows, K, PerPiece, Stride;
        public Matrix<T> A;
        public T* Vector, To;

        public readonly void Run(long piece)
        {
            for (var row = piece * PerPiece; row < Math.Min(Rows, (piece + 1) * PerPiece); row++) To[row * Stride] = Dot(A.From(row, 0).Data);
        }

        private readonly T Dot(T* row)
        {
            var lanes = Vector256<T>.Count;
            var (s0, s1, s2, s3) = (Vector256<T>.Zero, Vector256<T>.Zero, Vector256<T>.Zero, Vector256<T>.Zero);
            long i = 0;
            for (; i + (4 * lanes) <= K; i += 4 * lanes)
            {
                s0 += Vector256.Load(row + i) * Vector256.Load(Vector + i);
                s1 += Vector256.Load(row + i + lanes) * Vector256.Load(Vector + i + lanes);
                s2 += Vector256.Load(row + i + (2 * lanes)) * Vector256.Load(Vector + i + (2 * lanes));
                s3 += Vector256.Load(row + i + (3 * lanes)) * Vector256.Load(Vector + i + (3 * lanes));
            }
            var sum = Vector256.Sum(s0 + s2 + (s1 + s3));
            for (; i < K; i++) sum = Add(sum, row[i], Vector[i]);
            return sum;
        }

        private static T Add(T sum, T a, T b) => typeof(T) == typeof(float)
            ? (T)(object)((float)(object)sum + ((float)(object)a * (float)(object)b))
            : (T)(object)((double)(object)sum + ((double)(object)a * (double)(object)b));
    }
}

using LazyHost.Backends.Simd.Execution;
using LazyHost.Backends.Simd.Threading;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Products;

/// <summary>A batch of f32 or f64 products: many small ones are shared between threads whole, few large ones one after the other by all.</summary>
internal sealed unsafe class ProductStep<T>(DotStep step, TileSet tiles) : CompiledStep where T : unmanaged
{
    private const long LargeOperations = 1L << 24;

    public override void Run(in RunContext context)
    {
        var product = new MatrixProduct<T>(tiles, context.Pool, context.Workers);
        var work = new BatchWork { Product = product, Step = step, A = (T*)context.Buffers[step.A.Buffer], B = (T*)context.Buffers[step.B.Buffer], C = (T*)context.Buffers[step.C.Buffer] };
        var isShared = step.Batch >= context.Workers.Threads && step.M * step.N * step.K <= LargeOperations && step.Batch * step.M * step.N * step.K > 1 << 18;
        if (isShared) context.Workers.Run(ref work, step.Batch);
        else for (long i = 0; i < step.Batch; i++) work.Multiply(i, isParallel: true);
    }

    private struct BatchWork : IWork
    {
        public MatrixProduct<T> Product;
        public DotStep Step;
        public T* A, B, C;

        public readonly void Run(long piece) => Multiply(piece, isParallel: false);

        public readonly void Multiply(long batch, bool isParallel) => Product.Multiply(Step.M, Step.N, Step.K, At(A, Step.A, batch), At(B, Step.B, batch), At(C, Step.C, batch), isParallel);

        private static Matrix<T> At(T* data, MatrixOperand operand, long batch) => new(data + operand.Offset + (batch * operand.BatchStride), operand.RowStride, operand.ColumnStride);
    }
}

using LazyHost.Backends.Simd.Calls;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Products;

/// <summary>A batch of f16 or bf16 products: operands widened to f32, results rounded once.</summary>
internal sealed unsafe class WidenedProductStep(DotStep step, TileSet tiles, long sizeA, long sizeB, long sizeC) : CompiledStep
{
    private readonly DotStep wide = step with { DType = DType.Float32, A = step.A with { Buffer = 0 }, B = step.B with { Buffer = 1 }, C = step.C with { Buffer = 2 } };

    public override void Run(in RunContext context)
    {
        using var a = context.Pool.Rent(sizeA * sizeof(float));
        using var b = context.Pool.Rent(sizeB * sizeof(float));
        using var c = context.Pool.Rent(sizeC * sizeof(float));
        HalfPrecision.Widen(step.DType, (ushort*)context.Buffers[step.A.Buffer], (float*)a.Pointer, sizeA);
        HalfPrecision.Widen(step.DType, (ushort*)context.Buffers[step.B.Buffer], (float*)b.Pointer, sizeB);
        var buffers = stackalloc byte*[3];
        buffers[0] = a.Pointer;
        buffers[1] = b.Pointer;
        buffers[2] = c.Pointer;
        new ProductStep<float>(wide, tiles).Run(new(buffers, context.Scalars, context.Pool, context.Workers));
        HalfPrecision.Narrow(step.DType, (float*)c.Pointer, (ushort*)context.Buffers[step.C.Buffer], sizeC);
    }
}

using System.Numerics;
using LazyHost.Backends.Simd.Calls;
using LazyHost.Backends.Simd.Execution;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Products;

/// <summary>Makes the step that runs a matrix product.</summary>
internal sealed class ProductCompiler(TileSet singles, TileSet doubles)
{
    public CompiledStep Compile(DotStep step, IReadOnlyList<ProgramBuffer> buffers)
    {
        long Count(int buffer) => buffers[buffer].Type.Shape.ElementCount;
        return step.DType switch
        {
            DType.Float32 => new ProductStep<float>(step, singles),
            DType.Float64 => new ProductStep<double>(step, doubles),
            DType.Float16 or DType.BFloat16 => new WidenedProductStep(step, singles, Count(step.A.Buffer), Count(step.B.Buffer), Count(step.C.Buffer)),
            _ => NumberTypes.Visit<Integers, CompiledStep>(step.DType, new(step)),
        };
    }

    private readonly record struct Integers(DotStep Step) : INumberVisitor<CompiledStep>
    {
        public CompiledStep Visit<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => new IntegerProductStep<T>(Step);
    }
}

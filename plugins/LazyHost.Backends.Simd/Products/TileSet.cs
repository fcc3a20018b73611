using LazyHost.Lowering.Lanes;
using LazyHost.Backends.Simd.Lanes;

namespace LazyHost.Backends.Simd.Products;

/// <summary>The register tiles of one element type, made when first used: one for each number of rows.</summary>
internal sealed class TileSet(LaneType type, int width)
{
    private readonly VectorMethods methods = new();
    private readonly Lock gate = new();
    private readonly MicroKernel?[] kernels = new MicroKernel?[13];

    /// <summary>Lanes of a vector.</summary>
    public int Lanes { get; } = width == 0 ? 1 : width / (8 * type.Size());

    /// <summary>The most rows: 12 where there are 32 registers, 6 where there are 16, 4 in scalar code.</summary>
    public int Rows { get; } = width switch { 512 => 12, 0 => 4, _ => 6 };

    /// <summary>The columns of a tile.</summary>
    public int Columns => Lanes * MicroKernelEmitter.Vectors;

    public MicroKernel this[int rows]
    {
        get
        {
            if (kernels[rows] is { } kernel) return kernel;
            lock (gate) return kernels[rows] ??= MicroKernelEmitter.Emit(methods, type, Lanes, rows);
        }
    }
}

using LazyHost.Backends.Simd.Lanes;
using LazyHost.Lowering.Programs;

namespace LazyHost.Backends.Simd.Emission;

/// <summary>
/// An element-wise kernel that reads some operands across their rows: block after block of these is turned into scratch that fits the first-level cache, and the
/// rest of the kernel reads it along rows.
/// </summary>
internal sealed unsafe class TransposedMap
{
    private const int Rows = 32, Columns = 256;
    private const int MostOperands = 4;

    private readonly Kernel kernel;
    private readonly int[] turned, buffers;
    private readonly KernelBody body;
    private readonly int bufferCount;
    private readonly long height, width;

    public TransposedMap(Kernel kernel, Kernel packed, KernelBody body)
    {
        (this.kernel, this.body) = (kernel, body);
        turned = [.. Turned(kernel)];
        buffers = [.. turned.Select(access => packed.Accesses[access].Buffer)];
        bufferCount = kernel.Accesses.Max(a => a.Buffer) + 1;
        (height, width) = (kernel.Sizes[^2], kernel.Sizes[^1]);
    }

    public bool IsInParts => body.Target is LongMap;

    /// <summary>Points that one call may begin and end between: whole rows of blocks.</summary>
    public static long Unit(Kernel kernel) => Rows * kernel.Sizes[^1];

    /// <summary>The kernel with packed operands in place of those it reads across rows, each in a buffer of its own; null where there are none.</summary>
    public static Kernel? Rewrite(Kernel kernel)
    {
        if (!kernel.IsElementwise || kernel.Sizes.Count < 2 || kernel.Sizes[^1] < 16 || kernel.Sizes[^2] < 16) return null;
        var turned = Turned(kernel).ToList();
        if (turned.Count is 0 or > MostOperands) return null;
        var buffer = kernel.Accesses.Max(a => a.Buffer) + 1;
        var strides = Shape.Create([.. kernel.Sizes]).RowMajorStrides();
        return kernel with { Accesses = [.. kernel.Accesses.Select((a, i) => turned.Contains(i) ? new KernelAccess(buffer + turned.IndexOf(i), a.DType, 0, strides, []) : a)] };
    }

    public void Run(byte** addresses, long* scalars, long begin, long end)
    {
        var table = stackalloc byte*[bufferCount + turned.Length];
        for (var i = 0; i < bufferCount; i++) table[i] = addresses[i];
        var scratch = stackalloc byte[(turned.Length * Rows * Columns * sizeof(long)) + 64];
        scratch = (byte*)(((nint)scratch + 63) & ~63);
        for (var row = begin / width; row * width < end;)
        {
            // A block stays inside one plane of the last two loops.
            var rows = Math.Min(Rows, Math.Min(height - (row % height), ((end + width - 1) / width) - row));
            for (long column = 0; column < width; column += Columns)
            {
                var columns = Math.Min(Columns, width - column);
                for (var i = 0; i < turned.Length; i++) Turn(addresses, i, row, column, rows, columns, scratch + (i * Rows * Columns * sizeof(long)));
                for (long r = 0; r < rows; r++)
                {
                    var first = ((row + r) * width) + column;
                    for (var i = 0; i < turned.Length; i++)
                        table[buffers[i]] = scratch + (i * Rows * Columns * sizeof(long)) + (((r * Columns) - first) * kernel.Accesses[turned[i]].DType.Size());
                    body(table, scalars, first, first + columns);
                }
            }
            row += rows;
        }
    }

    private void Turn(byte** addresses, int index, long row, long column, long rows, long columns, byte* to)
    {
        var access = kernel.Accesses[turned[index]];
        var size = access.DType.Size();
        var offset = access.Offset + (row % height * access.Strides[^2]) + (column * access.Strides[^1]);
        var plane = row / height;
        for (var loop = kernel.Sizes.Count - 3; loop >= 0; loop--)
        {
            offset += plane % kernel.Sizes[loop] * access.Strides[loop];
            plane /= kernel.Sizes[loop];
        }
        BlockTranspose.Run(to, Columns, addresses[access.Buffer] + (offset * size), access.Strides[^1], size, rows, columns);
    }

    private static IEnumerable<int> Turned(Kernel kernel)
    {
        var stores = kernel.Stages[0].Stores.Select(s => s.Access).ToHashSet();
        for (var i = 0; i < kernel.Accesses.Count; i++)
        {
            var access = kernel.Accesses[i];
            if (!stores.Contains(i) && access.Guards.Count == 0 && access.Strides[^1] is not (0 or 1) && access.Strides[^2] == 1) yield return i;
        }
    }
}

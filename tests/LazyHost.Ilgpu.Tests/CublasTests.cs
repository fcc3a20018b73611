using ILGPU.Runtime;
using LazyHost.Backends.Ilgpu.Cublas;
using LazyHost.IR;
using LazyHost.Lowering.Programs;
using LazyHost.Operators;
using LazyHost.Simd.Tests;

namespace LazyHost.Ilgpu.Tests;

public sealed class CublasTests
{
    /// <summary>What BLAS does with the call is done here on the host, column by column as it is defined.</summary>
    [Fact]
    public void Calls_mean_the_products_they_were_made_of()
    {
        var random = new Random(3);
        var made = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var (batch, m, n, k) = (random.Next(1, 3), random.Next(1, 5), random.Next(1, 5), random.Next(1, 5));
            var (a, b) = (Operand(0, m, k), Operand(1, k, n));
            var c = new MatrixOperand(2, 0, m * n, n, 1);
            if (GemmCall.Of(new(DType.Float32, batch, m, n, k, a, b, c)) is not { } call) continue;
            made++;
            Assert.True(call.First.Leading >= (call.First.IsTurned ? k : n) && call.Second.Leading >= (call.Second.IsTurned ? m : k) && call.Result.Leading >= n);
            int[][] memory = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, 200).Select(_ => random.Next(-9, 10)).ToArray())];
            for (var z = 0; z < batch; z++)
                for (var i = 0; i < call.Rows; i++)
                    for (var j = 0; j < call.Columns; j++)
                    {
                        var (gemm, meant) = (0, 0);
                        for (var p = 0; p < call.Depth; p++) gemm += At(call.First, z, i, p) * At(call.Second, z, p, j);
                        var place = call.Result.Offset + (z * call.Result.BatchStride) + i + ((long)j * call.Result.Leading);
                        var (row, column) = (place - (z * m * n)) switch { var inBatch => (inBatch / n, inBatch % n) };
                        for (var p = 0; p < k; p++) meant += memory[0][a.Offset + (z * a.BatchStride) + (row * a.RowStride) + (p * a.ColumnStride)] * memory[1][b.Offset + (z * b.BatchStride) + (p * b.RowStride) + (column * b.ColumnStride)];
                        Assert.Equal(meant, gemm);
                    }

            int At(GemmOperand operand, int z, int row, int column) =>
                memory[operand.Buffer][operand.Offset + (z * operand.BatchStride) + (operand.IsTurned ? column + ((long)row * operand.Leading) : row + ((long)column * operand.Leading))];
        }
        Assert.True(made > 300, $"{made} of 400 products fitted");

        MatrixOperand Operand(int buffer, long rows, long columns)
        {
            // Rows or columns packed, with room between them or not; batches shared or one after the other.
            var (offset, batch, gap) = (random.Next(3), random.Next(2) * 30, random.Next(3));
            return random.Next(2) == 0 ? new(buffer, offset, batch, columns + gap, 1) : new(buffer, offset, batch, 1, rows + gap);
        }
    }

    [Fact]
    public void Products_it_cannot_read_are_left_to_kernels()
    {
        DotStep step = new(DType.Float32, 1, 5, 6, 7, new(0, 0, 0, 7, 1), new(1, 0, 0, 6, 1), new(2, 0, 0, 6, 1));
        Assert.NotNull(GemmCall.Of(step));
        Assert.Null(GemmCall.Of(step with { A = new(0, 0, 0, 14, 2) }));
        Assert.Null(GemmCall.Of(step with { A = new(0, 0, 0, 3, 1) }));
        Assert.Null(GemmCall.Of(step with { K = 0 }));
        Assert.Null(GemmCall.Of(step with { Batch = 1L << 31 }));
    }

    [Fact]
    public void Where_there_is_none_the_description_names_what_was_tried()
    {
        if (CublasLibrary.Instance is { } library) Assert.Equal(library.Name, CublasLibrary.Description);
        else Assert.Matches("^none found \\(tried .*cublas.*13.*, .*12.*, .*11.*\\)$", CublasLibrary.Description);
        using var device = new TestDevice();
        if (TestDevice.Type != AcceleratorType.Cuda) Assert.Null(CublasHandle.TryCreate(device.Session));
    }

    [Theory, InlineData(DType.Float32), InlineData(DType.Float64), InlineData(DType.Float16), InlineData(DType.BFloat16)]
    public void Its_products_agree_with_the_reference(DType type)
    {
        if (TestDevice.Type != AcceleratorType.Cuda || CublasLibrary.Instance is null) Assert.Skip("there is no cuBLAS here");
        using var device = new TestDevice();
        using var handle = CublasHandle.TryCreate(device.Session);
        Assert.NotNull(handle);
        var random = new Random(5);
        foreach (var (b, m, n, k) in ((long, long, long, long)[])[(1, 33, 20, 40), (3, 17, 40, 19), (1, 1, 9, 8), (2, 6, 1, 5)])
            for (var layout = 0; layout < 4; layout++)
            {
                var (isTurnedA, isTurnedB) = ((layout & 1) != 0, (layout & 2) != 0);
                TensorType left = new(type, isTurnedA ? [b, k, m] : [b, m, k]), right = new(type, isTurnedB ? [b, n, k] : [b, k, n]);
                StepRunner.Compare(device.Session, Primitives.DotGeneral,
                    Attributes.Of(new long[] { 0 }, new long[] { 0 }, new long[] { isTurnedA ? 1 : 2 }, new long[] { isTurnedB ? 2 : 1 }),
                    [(left, Elements.Random(random, left, false)), (right, Elements.Random(random, right, false))],
                    new Tolerance(Tolerance.Default(type).Relative * 4, type == DType.Float64 ? 1e-11 : type == DType.Float32 ? 1e-4 : 0.1),
                    buffers => new DotStep(type, b, m, n, k,
                        new(buffers[0], 0, m * k, isTurnedA ? 1 : k, isTurnedA ? m : 1), new(buffers[1], 0, k * n, isTurnedB ? 1 : n, isTurnedB ? k : 1), new(buffers[2], 0, m * n, n, 1)),
                    dot => new CublasStep(handle, GemmCall.Of(dot)!.Value, type));
            }
    }
}

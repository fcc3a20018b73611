using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Functions;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>What a thread does with its scores, those of four neighbouring rows and of every sixteenth key from <c>key</c> on; and how it stores its results.</summary>
internal static class AttentionScores
{
    private const int Step = 16;

    public static SmallBlock<float> Scaled(SmallBlock<float> scores, float scale)
    {
        var all = Quads.All(scale);
        return new() { R0 = Quads.Times(scores.R0, all), R1 = Quads.Times(scores.R1, all), R2 = Quads.Times(scores.R2, all), R3 = Quads.Times(scores.R3, all) };
    }

    public static SmallBlock<float> Divided(SmallBlock<float> scores, float scale) =>
        new() { R0 = Divided(scores.R0, scale), R1 = Divided(scores.R1, scale), R2 = Divided(scores.R2, scale), R3 = Divided(scores.R3, scale) };

    /// <summary>The greatest of each row.</summary>
    public static Quad<float> Greatest(SmallBlock<float> scores) =>
        new() { X = Quads.Greatest(scores.R0), Y = Quads.Greatest(scores.R1), Z = Quads.Greatest(scores.R2), W = Quads.Greatest(scores.R3) };

    public static SmallBlock<float> Biased<TStored, TStorage>(SmallBlock<float> scores, ArrayView<TStored> bias, AttentionPlan plan, long matrix, int row, int key)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, float> => new()
        {
            R0 = Biased<TStored, TStorage>(scores.R0, bias, plan, matrix, row, key),
            R1 = Biased<TStored, TStorage>(scores.R1, bias, plan, matrix, row + 1, key),
            R2 = Biased<TStored, TStorage>(scores.R2, bias, plan, matrix, row + 2, key),
            R3 = Biased<TStored, TStorage>(scores.R3, bias, plan, matrix, row + 3, key),
        };

    /// <summary>The fill where a bool does not say that a score is kept.</summary>
    public static SmallBlock<float> Masked(SmallBlock<float> scores, ArrayView<byte> mask, AttentionPlan plan, long matrix, int row, int key, float fill) => new()
    {
        R0 = Masked(scores.R0, mask, plan, matrix, row, key, fill),
        R1 = Masked(scores.R1, mask, plan, matrix, row + 1, key, fill),
        R2 = Masked(scores.R2, mask, plan, matrix, row + 2, key, fill),
        R3 = Masked(scores.R3, mask, plan, matrix, row + 3, key, fill),
    };

    /// <summary>The fill for keys beyond the last one of the first row; each row has one more.</summary>
    public static SmallBlock<float> Cut(SmallBlock<float> scores, int last, int key, float fill) =>
        new() { R0 = Cut(scores.R0, last, key, fill), R1 = Cut(scores.R1, last + 1, key, fill), R2 = Cut(scores.R2, last + 2, key, fill), R3 = Cut(scores.R3, last + 3, key, fill) };

    /// <summary>-inf for keys there are not.</summary>
    public static SmallBlock<float> Ended(SmallBlock<float> scores, int keys, int key)
    {
        var (last, fill) = (keys - 1, float.NegativeInfinity);
        return new() { R0 = Cut(scores.R0, last, key, fill), R1 = Cut(scores.R1, last, key, fill), R2 = Cut(scores.R2, last, key, fill), R3 = Cut(scores.R3, last, key, fill) };
    }

    /// <summary>Stores a thread's results, each row divided by a sum.</summary>
    public static void Store<TStored, TStorage>(SmallBlock<float> block, Quad<float> sums, ArrayView<TStored> to, AttentionPlan plan, long matrix, int row, int column)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, float>
    {
        Store<TStored, TStorage>(block.R0, sums.X, to, plan, matrix, row, column);
        Store<TStored, TStorage>(block.R1, sums.Y, to, plan, matrix, row + 1, column);
        Store<TStored, TStorage>(block.R2, sums.Z, to, plan, matrix, row + 2, column);
        Store<TStored, TStorage>(block.R3, sums.W, to, plan, matrix, row + 3, column);
    }

    private static Quad<float> Divided(Quad<float> scores, float scale) => new()
    {
        X = DeviceMath.Divide(scores.X, scale),
        Y = DeviceMath.Divide(scores.Y, scale),
        Z = DeviceMath.Divide(scores.Z, scale),
        W = DeviceMath.Divide(scores.W, scale),
    };

    private static Quad<float> Biased<TStored, TStorage>(Quad<float> scores, ArrayView<TStored> bias, AttentionPlan plan, long matrix, int row, int key)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, float> => new()
        {
            X = scores.X + Bias<TStored, TStorage>(bias, plan, matrix, row, key),
            Y = scores.Y + Bias<TStored, TStorage>(bias, plan, matrix, row, key + Step),
            Z = scores.Z + Bias<TStored, TStorage>(bias, plan, matrix, row, key + (2 * Step)),
            W = scores.W + Bias<TStored, TStorage>(bias, plan, matrix, row, key + (3 * Step)),
        };

    private static float Bias<TStored, TStorage>(ArrayView<TStored> bias, AttentionPlan plan, long matrix, int row, int key) where TStored : unmanaged where TStorage : struct, IStorage<TStored, float> =>
        TStorage.Widen(bias[Utilities.Select(row < plan.QueryCount & key < plan.KeyCount, matrix + plan.Bias.Place(row, key), plan.Bias.Offset)]);

    private static Quad<float> Masked(Quad<float> scores, ArrayView<byte> mask, AttentionPlan plan, long matrix, int row, int key, float fill) => new()
    {
        X = Masked(scores.X, mask, plan, matrix, row, key, fill),
        Y = Masked(scores.Y, mask, plan, matrix, row, key + Step, fill),
        Z = Masked(scores.Z, mask, plan, matrix, row, key + (2 * Step), fill),
        W = Masked(scores.W, mask, plan, matrix, row, key + (3 * Step), fill),
    };

    private static float Masked(float score, ArrayView<byte> mask, AttentionPlan plan, long matrix, int row, int key, float fill)
    {
        var isTrue = mask[Utilities.Select(row < plan.QueryCount & key < plan.KeyCount, matrix + plan.Mask.Place(row, key), plan.Mask.Offset)] != 0;
        return Utilities.Select(isTrue == (plan.Masking == AttentionMasking.True), score, fill);
    }

    private static Quad<float> Cut(Quad<float> scores, int last, int key, float fill) => new()
    {
        X = Utilities.Select(key <= last, scores.X, fill),
        Y = Utilities.Select(key + Step <= last, scores.Y, fill),
        Z = Utilities.Select(key + (2 * Step) <= last, scores.Z, fill),
        W = Utilities.Select(key + (3 * Step) <= last, scores.W, fill),
    };

    private static void Store<TStored, TStorage>(Quad<float> results, float sum, ArrayView<TStored> to, AttentionPlan plan, long matrix, int row, int column)
        where TStored : unmanaged where TStorage : struct, IStorage<TStored, float>
    {
        if (row >= plan.QueryCount) return;
        var place = matrix + plan.Result.Place(row, column);
        if (column < plan.ValueSize) to[place] = TStorage.Narrow(DeviceMath.Divide(results.X, sum));
        if (column + 1 < plan.ValueSize) to[place + plan.Result.ColumnStride] = TStorage.Narrow(DeviceMath.Divide(results.Y, sum));
        if (column + 2 < plan.ValueSize) to[place + (2 * plan.Result.ColumnStride)] = TStorage.Narrow(DeviceMath.Divide(results.Z, sum));
        if (column + 3 < plan.ValueSize) to[place + (3 * plan.Result.ColumnStride)] = TStorage.Narrow(DeviceMath.Divide(results.W, sum));
    }
}

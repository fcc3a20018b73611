using System.Numerics;
using ILGPU;
using ILGPU.Util;
using LazyHost.Backends.Ilgpu.Numbers;
using LazyHost.Backends.Ilgpu.Products;

namespace LazyHost.Backends.Ilgpu.Attention;

/// <summary>
/// softmax(Q · Kᵗ) · V without the scores in memory ("FlashAttention", Dao et al. 2022): a group takes some queries and goes through the keys 64 at a time. It keeps the greatest score of each query so far, the sum of the
/// exponentials of what lies below it, and the values they weigh; where a greater score comes, all are made smaller. Keys and values are taken in the order in which they lie, so the bits are the same in every run.
/// A thread computes 4 x 4 scores (of four neighbouring rows and every sixteenth key) and 4 x 4 results of each 64 columns.
/// </summary>
internal static class AttentionKernel
{
    private const int KeysLog = 6;
    private const int Keys = 1 << KeysLog;
    private const int TileQuads = Keys * AttentionTile.Quads;

    public static void Run<TStored, TStorage, THead>(
        ArrayView<TStored> queries, ArrayView<TStored> keys, ArrayView<TStored> values, ArrayView<TStored> result, ArrayView<TStored> bias, ArrayView<byte> mask, ArrayView<long> scalars, AttentionPlan plan)
        where TStored : unmanaged, INumber<TStored> where TStorage : struct, IStorage<TStored, float> where THead : struct, IHeadSize
    {
        var sharedQ = SharedMemory.Allocate<Quad<float>>(TileQuads);
        // Keys, then the weights made of them; values, and between them what the threads of a row tell each other.
        var sharedK = SharedMemory.Allocate<Quad<float>>(TileQuads);
        var sharedV = SharedMemory.Allocate<Quad<float>>(TileQuads);
        var (down, across, threads, rows) = (Group.IdxX >> 4, Group.IdxX & 15, 4 << THead.RowsLog, 1 << THead.RowsLog);
        var (scale, fill) = (plan.Scale.Read(scalars), plan.Fill.Read(scalars));
        for (long tile = Grid.IdxX; tile < plan.Tiles; tile += Grid.DimX)
        {
            var matrix = Division.Divide(tile, plan.TilesPerHead, out var inHead);
            var batch = Division.Divide(matrix, plan.Heads, out var head);
            var (first, row) = ((int)inHead << THead.RowsLog, ((int)inHead << THead.RowsLog) + (4 * down));
            var (placeK, placeV) = (plan.Keys.Matrix(batch, head), plan.Values.Matrix(batch, head));
            for (var chunk = 0; chunk < THead.Chunks; chunk++)
                AttentionTile.Load<TStored, TStorage>(queries, plan.Queries, plan.Queries.Matrix(batch, head) + plan.Queries.Place(first, chunk * AttentionTile.Columns), plan.QueryCount - first,
                    plan.HeadSize - (chunk * AttentionTile.Columns), THead.RowsLog, threads, AttentionTile.HalfWarps, sharedQ.SubView(chunk * rows * AttentionTile.Quads));
            var greatest = Quads.All(float.NegativeInfinity);
            var sums = default(Quad<float>);
            SmallBlock<float> left = default, right = default;
            var seen = plan.Masking == AttentionMasking.Causal ? Utilities.Select(first + rows + plan.Diagonal < plan.KeyCount, first + rows + plan.Diagonal, plan.KeyCount) : plan.KeyCount;
            var key = 0;
            for (; key < seen; key += Keys)
            {
                var scores = default(SmallBlock<float>);
                for (var chunk = 0; chunk < THead.Chunks; chunk++)
                {
                    var columns = plan.HeadSize - (chunk * AttentionTile.Columns);
                    Group.Barrier();
                    AttentionTile.Load<TStored, TStorage>(keys, plan.Keys, placeK + plan.Keys.Place(key, chunk * AttentionTile.Columns), plan.KeyCount - key, columns, KeysLog, threads, AttentionTile.Rows, sharedK);
                    Group.Barrier();
                    scores = Scores(scores, sharedQ, sharedK, chunk * rows * AttentionTile.Quads, down, across, (Utilities.Select(columns < AttentionTile.Columns, columns, AttentionTile.Columns) + 3) >> 2);
                }
                scores = plan.IsDivided != 0 ? AttentionScores.Divided(scores, scale) : AttentionScores.Scaled(scores, scale);
                if (plan.HasBias != 0) scores = AttentionScores.Biased<TStored, TStorage>(scores, bias, plan, plan.Bias.Matrix(batch, head), row, key + across);
                if (plan.Masking >= AttentionMasking.True) scores = AttentionScores.Masked(scores, mask, plan, plan.Mask.Matrix(batch, head), row, key + across, fill);
                else if (plan.Masking != AttentionMasking.None) scores = AttentionScores.Cut(scores, row + plan.Diagonal, key + across, fill);
                if (key + Keys > plan.KeyCount) scores = AttentionScores.Ended(scores, plan.KeyCount, key + across);

                Quads.Share(sharedV.Cast<float>(), threads, AttentionScores.Greatest(scores));
                Group.Barrier();
                var next = Quads.Greatest(greatest, Quads.FoldGreatest(sharedV, threads, down));
                // Where all scores so far are -inf, so is the greatest, and exponentials shall be 0, not NaN.
                var origin = Quads.Finite(next);
                var shrink = Quads.Exp(greatest, origin);
                greatest = next;
                scores = new() { R0 = Exp(scores.R0, origin.X), R1 = Exp(scores.R1, origin.Y), R2 = Exp(scores.R2, origin.Z), R3 = Exp(scores.R3, origin.W) };
                sums = Quads.Times(sums, shrink).Plus(1, Quads.Sums(scores));
                (left, right) = (Times(left, shrink), Times(right, shrink));
                PutWeights(sharedK.Cast<float>(), scores, down, across);
                for (var chunk = 0; chunk < THead.Chunks; chunk++)
                {
                    Group.Barrier();
                    AttentionTile.Load<TStored, TStorage>(values, plan.Values, placeV + plan.Values.Place(key, chunk * AttentionTile.Columns), plan.KeyCount - key,
                        plan.ValueSize - (chunk * AttentionTile.Columns), KeysLog, threads, AttentionTile.Straight, sharedV);
                    Group.Barrier();
                    if (chunk == 0) left = Weigh(left, sharedK, sharedV, down, across);
                    else right = Weigh(right, sharedK, sharedV, down, across);
                }
            }
            // Weights of 0 make nothing of the other values, unless they are not finite.
            for (; key < plan.KeyCount; key += Keys)
                for (var chunk = 0; chunk < THead.Chunks; chunk++)
                {
                    Group.Barrier();
                    AttentionTile.Load<TStored, TStorage>(values, plan.Values, placeV + plan.Values.Place(key, chunk * AttentionTile.Columns), plan.KeyCount - key,
                        plan.ValueSize - (chunk * AttentionTile.Columns), KeysLog, threads, AttentionTile.Straight, sharedV);
                    Group.Barrier();
                    var nothing = default(Quad<float>);
                    for (var k = 0; k < Keys; k++) nothing = nothing.Plus(0, sharedV[(k * AttentionTile.Quads) + across]);
                    if (chunk == 0) left = left.Plus(Quads.All(1), nothing);
                    else right = right.Plus(Quads.All(1), nothing);
                }
            Group.Barrier();
            Quads.Share(sharedV.Cast<float>(), threads, sums);
            Group.Barrier();
            sums = Quads.FoldSums(sharedV, threads, down);
            var place = plan.Result.Matrix(batch, head);
            AttentionScores.Store<TStored, TStorage>(left, sums, result, plan, place, row, 4 * across);
            if (THead.Chunks > 1) AttentionScores.Store<TStored, TStorage>(right, sums, result, plan, place, row, AttentionTile.Columns + (4 * across));
        }
    }

    /// <summary>The thread's scores with what some columns of queries and keys add to them.</summary>
    private static SmallBlock<float> Scores(SmallBlock<float> scores, ArrayView<Quad<float>> queries, ArrayView<Quad<float>> keys, int start, int down, int across, int quads)
    {
        var (fromQ, fromK) = (start + (4 * down * AttentionTile.Quads), across * AttentionTile.Quads);
        for (var quad = 0; quad < quads; quad++)
        {
            // the same for a thread's four rows, and for its four keys
            var q = queries.SubView(fromQ + (quad ^ ((down & 1) * AttentionTile.HalfWarps)));
            var k = keys.SubView(fromK + (quad ^ (across & AttentionTile.Rows)));
            Quad<float> q0 = q[0], q1 = q[AttentionTile.Quads], q2 = q[2 * AttentionTile.Quads], q3 = q[3 * AttentionTile.Quads];
            Quad<float> k0 = k[0], k1 = k[16 * AttentionTile.Quads], k2 = k[32 * AttentionTile.Quads], k3 = k[48 * AttentionTile.Quads];
            scores = scores.Plus(new() { X = q0.X, Y = q1.X, Z = q2.X, W = q3.X }, new() { X = k0.X, Y = k1.X, Z = k2.X, W = k3.X })
                .Plus(new() { X = q0.Y, Y = q1.Y, Z = q2.Y, W = q3.Y }, new() { X = k0.Y, Y = k1.Y, Z = k2.Y, W = k3.Y })
                .Plus(new() { X = q0.Z, Y = q1.Z, Z = q2.Z, W = q3.Z }, new() { X = k0.Z, Y = k1.Z, Z = k2.Z, W = k3.Z })
                .Plus(new() { X = q0.W, Y = q1.W, Z = q2.W, W = q3.W }, new() { X = k0.W, Y = k1.W, Z = k2.W, W = k3.W });
        }
        return scores;
    }

    /// <summary>The thread's results with what a tile of values adds to them.</summary>
    private static SmallBlock<float> Weigh(SmallBlock<float> sums, ArrayView<Quad<float>> weights, ArrayView<Quad<float>> values, int down, int across)
    {
        var from = 4 * down * AttentionTile.Quads;
        for (var quad = 0; quad < AttentionTile.Quads; quad++)
        {
            var w = weights.SubView(from + (quad ^ ((down & 1) * AttentionTile.HalfWarps)));
            var v = values.SubView((4 * quad * AttentionTile.Quads) + across);
            Quad<float> w0 = w[0], w1 = w[AttentionTile.Quads], w2 = w[2 * AttentionTile.Quads], w3 = w[3 * AttentionTile.Quads];
            sums = sums.Plus(new() { X = w0.X, Y = w1.X, Z = w2.X, W = w3.X }, v[0])
                .Plus(new() { X = w0.Y, Y = w1.Y, Z = w2.Y, W = w3.Y }, v[AttentionTile.Quads])
                .Plus(new() { X = w0.Z, Y = w1.Z, Z = w2.Z, W = w3.Z }, v[2 * AttentionTile.Quads])
                .Plus(new() { X = w0.W, Y = w1.W, Z = w2.W, W = w3.W }, v[3 * AttentionTile.Quads]);
        }
        return sums;
    }

    private static void PutWeights(ArrayView<float> to, SmallBlock<float> weights, int down, int across)
    {
        PutWeights(to, weights.R0, 4 * down, across);
        PutWeights(to, weights.R1, (4 * down) + 1, across);
        PutWeights(to, weights.R2, (4 * down) + 2, across);
        PutWeights(to, weights.R3, (4 * down) + 3, across);
    }

    private static void PutWeights(ArrayView<float> to, Quad<float> weights, int row, int across)
    {
        AttentionTile.Put(to, row, across, AttentionTile.HalfWarps, weights.X);
        AttentionTile.Put(to, row, across + 16, AttentionTile.HalfWarps, weights.Y);
        AttentionTile.Put(to, row, across + 32, AttentionTile.HalfWarps, weights.Z);
        AttentionTile.Put(to, row, across + 48, AttentionTile.HalfWarps, weights.W);
    }

    private static SmallBlock<float> Times(SmallBlock<float> block, Quad<float> rows) => new()
    {
        R0 = Quads.Times(block.R0, Quads.All(rows.X)),
        R1 = Quads.Times(block.R1, Quads.All(rows.Y)),
        R2 = Quads.Times(block.R2, Quads.All(rows.Z)),
        R3 = Quads.Times(block.R3, Quads.All(rows.W)),
    };

    private static Quad<float> Exp(Quad<float> scores, float origin) => Quads.Exp(scores, Quads.All(origin));
}

using CsCheck;
using LazyHost.Operators;
using static LazyHost.Abstractions.Tests.Operators.ElementwiseValueTests;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Products, convolutions and pooling against naive models.</summary>
public class ProductValueTests
{
    private static readonly Gen<int> Size = Gen.Int[1, 4];

    [Fact]
    public void Matrix_products_of_batches() =>
        Gen.Select(Size, Size, Size, Size, Gen.Bool, Gen.Bool).Sample((batch, m, k, n, batchA, batchB) =>
        {
            var (a, b) = (Numbers((batchA ? batch : 1) * m * k), Numbers((batchB ? batch : 1) * k * n));
            var y = Runner.Run(MatMul.Form, default, (a, batchA ? [batch, m, k] : [m, k]), (b, batchB ? [batch, k, n] : [k, n]))[0];
            var batches = batchA || batchB ? batch : 1;
            Assert.Equal(batches * m * n, y.Length);
            for (var p = 0; p < batches; p++)
                for (var i = 0; i < m; i++)
                    for (var j = 0; j < n; j++)
                    {
                        double sum = 0;
                        for (var l = 0; l < k; l++) sum += a[(batchA ? p * m * k : 0) + (i * k) + l] * b[(batchB ? p * k * n : 0) + (l * n) + j];
                        Assert.Equal(sum, y[(((p * m) + i) * n) + j], 1e-12);
                    }
        }, iter: 100);

    [Fact]
    public void Products_of_vectors()
    {
        double[] v = [1, 2], m = [1, 2, 3, 4, 5, 6];
        Assert.Equal([5], Runner.Run(MatMul.Form, default, (v, [2]), (v, [2]))[0]);
        Assert.Equal([9, 12, 15], Runner.Run(MatMul.Form, default, (v, [2]), (m, [2, 3]))[0]);
        Assert.Equal([5, 11, 17], Runner.Run(MatMul.Form, default, (m, [3, 2]), (v, [2]))[0]);
        Assert.Equal([0, 0], Runner.Run(MatMul.Form, default, (Array.Empty<double>(), [2, 0]), (Array.Empty<double>(), [0]))[0]);
        Assert.Equal([11], Runner.Run(MatMul.Form, default, (new long[] { 1, 2 }, [2]), (new long[] { 3, 4 }, [2]))[0]);
    }

    [Fact]
    public void Attention_is_a_mean_of_values_weighted_by_softmax() =>
        Gen.Select(Size, Size, Size, Size, Gen.Int[0, 3], Gen.Bool).Sample((queries, keys, size, wide, masking, isScaled) =>
        {
            var (q, k, v) = (Numbers(queries * size), Numbers(keys * size), Numbers(keys * wide));
            (Array, Shape)[] three = [(q, [queries, size]), (k, [keys, size]), (v, [keys, wide])];
            double[] bias = Numbers(queries * keys);
            var isKept = Enumerable.Range(0, queries * keys).Select(i => i % 3 != 0 || i % keys == keys - 1).ToArray();
            var y = Runner.Run(ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode(masking == 1, isScaled ? 0.7 : null),
                masking switch { 2 => [.. three, (bias, [queries, keys])], 3 => [.. three, (isKept, [queries, keys])], _ => three })[0];
            for (var i = 0; i < queries; i++)
            {
                var weights = Enumerable.Range(0, keys).Select(j =>
                {
                    var score = Enumerable.Range(0, size).Sum(d => q[(i * size) + d] * k[(j * size) + d]) * (isScaled ? 0.7 : 1 / Math.Sqrt(size));
                    return (masking == 1 && j > i) || (masking == 3 && !isKept[(i * keys) + j]) ? 0 : Math.Exp(score + (masking == 2 ? bias[(i * keys) + j] : 0));
                }).ToArray();
                for (var d = 0; d < wide; d++) Assert.Equal(weights.Select((weight, j) => weight * v[(j * wide) + d]).Sum() / weights.Sum(), y[(i * wide) + d], 1e-10);
            }
        }, iter: 200);

    [Fact]
    public void Attention_to_no_key_is_NaN_and_to_none_at_all_is_zero()
    {
        double[] two = [1, 2];
        Assert.Equal([double.NaN, 2], Runner.Run(ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode(), (two, [2, 1]), (two, [2, 1]), (two, [2, 1]), (new[] { false, false, false, true }, [2, 2]))[0]);
        Assert.Equal([0, 0], Runner.Run(ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode(), (two, [2, 1]), (Array.Empty<double>(), [0, 1]), (Array.Empty<double>(), [0, 1]))[0]);
        // what a masked key holds does not matter, what its value holds does
        double[] bad = [1, double.NaN];
        Assert.Equal([1, 1], Runner.Run(ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode(), (two, [2, 1]), (bad, [2, 1]), (two, [2, 1]), (new[] { true, false }, [2]))[0]);
        Assert.Equal([double.NaN, double.NaN], Runner.Run(ScaledDotProductAttention.Form, ScaledDotProductAttention.Encode(true), (two, [2, 1]), (two, [2, 1]), (bad, [2, 1]))[0]);
    }

    [Fact]
    public void Convolutions() =>
        Gen.Select(Gen.Int[1, 2], Gen.Int[1, 2], Gen.Int[1, 3], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[0, 2], Gen.Int[5, 8]).Sample((groups, perGroup, kernel, stride, dilation, padding, size) =>
        {
            var (channels, filters) = (groups * perGroup, groups * 2);
            var (x, w, bias) = (Numbers(2 * channels * size), Numbers(filters * perGroup * kernel), Numbers(filters));
            var places = ((size + (2 * padding) - ((kernel - 1) * dilation) - 1) / stride) + 1;
            var expected = new List<double>();
            for (var n = 0; n < 2; n++)
                for (var o = 0; o < filters; o++)
                    for (var p = 0; p < places; p++)
                    {
                        var sum = bias[o];
                        for (var c = 0; c < perGroup; c++)
                            for (var k = 0; k < kernel; k++)
                            {
                                var at = (p * stride) + (k * dilation) - padding;
                                if (at >= 0 && at < size) sum += x[(((n * channels) + (o / 2 * perGroup) + c) * size) + at] * w[(((o * perGroup) + c) * kernel) + k];
                            }
                        expected.Add(sum);
                    }
            Close([.. expected], Runner.Run(Convolution.Form, Convolution.Encode([stride], [padding], [dilation], groups),
                (x, [2, channels, size]), (w, [filters, perGroup, kernel]), (bias, [filters]))[0], 1e-10);
        }, iter: 100);

    [Fact]
    public void Pooling()
    {
        double[] x = [-1, -2, -3, -4, -5, -6];
        Assert.Equal([-1, -2, -4], Runner.Run(MaxPool.Form, MaxPool.Encode([3], [2], [1]), (x, [1, 6]))[0]);
        Assert.Equal([-1, -3, -5], Runner.Run(AveragePool.Form, AveragePool.Encode([3], [2], [1]), (x, [1, 6]))[0]);
        Assert.Equal([-1.5, -3, -5], Runner.Run(AveragePool.Form, AveragePool.Encode([3], [2], [1], false), (x, [1, 6]))[0]);
        Assert.Equal([-1, -2], Runner.Run(MaxPool.Form, MaxPool.Encode([2, 2], [1, 1], [0, 0]), (x, [2, 3]))[0]);
        Assert.Equal([double.NaN, 3], Runner.Run(MaxPool.Form, MaxPool.Encode([2], [2], [0]), (new[] { 1, double.NaN, 3, 2 }, [4]))[0]);
    }

    [Fact]
    public void The_first_of_equal_elements_gets_the_gradient_of_max_pooling() =>
        Assert.Equal([5, 0, 0, 0, 0, 7],
            Runner.Run(MaxPoolBackward.Form, MaxPool.Encode([3], [3], [0]), (new double[] { 2, 2, 1, 0, 1, 3 }, [6]), (new double[] { 5, 7 }, [2]))[0]);

    private static double[] Numbers(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 4) - 2)];
    }
}

namespace LazyHost.Tests;

public sealed class AttentionTests
{
    [Fact]
    public async Task AttentionIsWhatItsPartsAre()
    {
        await using var lazy = new TestEngine();
        var random = new Random(3);
        Tensor Input(params long[] sizes) => Tensor.From(Enumerable.Range(0, (int)Shape.Create(sizes).ElementCount).Select(_ => random.NextSingle() - 0.5f).ToArray(), Shape.Create(sizes), lazy.Device);
        var (q, k, v, bias) = (Input(2, 3, 4), Input(2, 5, 4), Input(2, 5, 6), Input(3, 5));
        var scores = q.MatMul(k.Transpose());
        Near((scores * 0.5).Softmax().MatMul(v), q.ScaledDotProductAttention(k, v));
        Near((scores * 2 + bias).Softmax().MatMul(v), q.ScaledDotProductAttention(k, v, bias, scale: 2));
        Near(v.Slice(1, 0, 1), q.Slice(1, 0, 1).ScaledDotProductAttention(k, v, isCausal: true));
        Near((scores * 0.5).Slice(2, 0, 2).Softmax().MatMul(v.Slice(1, 0, 2)), q.ScaledDotProductAttention(k, v, Tensor.From([true, true, false, false, false], [5], lazy.Device)));
    }

    private static void Near(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        foreach (var (e, a) in expected.ToArray<float>().Zip(actual.ToArray<float>())) Assert.Equal(e, a, 1e-5f);
    }
}

namespace LazyHost.Cli.Benchmarks;

/// <summary>A transformer block with attention over eight heads, norm first.</summary>
internal static class TransformerBlock
{
    private const int Batch = 4, Tokens = 128, Width = 512, Heads = 8;

    public static Workload Workload { get; } = new("transformer_block/4x128x512x8", device =>
    {
        Tensor Random(params ReadOnlySpan<long> sizes) => Workloads.Random(device, sizes);
        var (x, wqkv, wo) = (Random(Batch, Tokens, Width), Random(Width, 3 * Width), Random(Width, Width));
        var (w1, w2) = (Random(Width, 4 * Width), Random(4 * Width, Width));
        var (g1, b1, g2, b2) = (Random(Width), Random(Width), Random(Width), Random(Width));
        return () =>
        {
            var qkv = x.LayerNorm(g1, b1).MatMul(wqkv).Reshape(Batch, Tokens, 3, Heads, Width / Heads).Permute(2, 0, 3, 1, 4);
            Tensor Part(int i) => qkv.Slice(0, i, i + 1).Squeeze(0);
            var weights = (Part(0).MatMul(Part(1).Transpose()) * (1 / Math.Sqrt(Width / Heads))).Softmax(3);
            var y = x + weights.MatMul(Part(2)).Transpose(1, 2).Reshape(Batch, Tokens, Width).MatMul(wo);
            return [y + y.LayerNorm(g2, b2).MatMul(w1).Gelu().MatMul(w2)];
        };
    });
}

namespace LazyHost.GpuBenchmarks;

/// <summary>A training step of a model too small for its arithmetic to count: residual layers of 64 with batch 8, Adam.</summary>
internal static class TrainingStep
{
    private const int Width = 64, Batch = 8;

    /// <summary>Forward, backward and update as one captured function, run once at each call.</summary>
    public static Action Make(Device device, bool isSmall)
    {
        var layers = isSmall ? 2 : 12;
        Linear[] linear = [.. Enumerable.Range(0, layers).Select(i => new Linear(Width, Width, device, seed: (ulong)i + 1))];
        LayerNorm[] norm = [.. Enumerable.Range(0, layers).Select(_ => new LayerNorm([Width], device))];
        var optimizer = new Adam(linear.Cast<Module>().Concat(norm).SelectMany(m => m.Parameters()));
        var x = Tensor.From([.. Enumerable.Range(0, Batch * Width).Select(i => MathF.Sin(i))], [Batch, Width], device);
        var captured = Lazy.Compile(input =>
        {
            var h = input;
            for (var i = 0; i < layers; i++) h = h + linear[i].Forward(norm[i].Forward(h)).Relu();
            var loss = h.Square().Mean();
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            return loss;
        }, "step");
        return () => captured.Run(x);
    }
}

namespace LazyHost.Cli.Benchmarks;

/// <summary>A step of a three-layer network with Adam, its backward pass written out, so that every system does exactly this work.</summary>
internal static class MlpTraining
{
    private const int Batch = 128, Classes = 10;

    public static Workload Workload { get; } = new("mlp_train_adam/128x784x512x512x10", device =>
    {
        var x = Workloads.Random(device, Batch, 784);
        var y = OneHot(device);
        Tensor[] p = [Workloads.Random(device, 784, 512), Workloads.Random(device, 512), Workloads.Random(device, 512, 512), Workloads.Random(device, 512), Workloads.Random(device, 512, Classes), Workloads.Random(device, Classes)];
        Tensor[] m = [.. p.Select(t => Tensor.Zeros(t.Shape, device))], v = [.. p.Select(t => Tensor.Zeros(t.Shape, device))];
        return () =>
        {
            var h1 = (x.MatMul(p[0]) + p[1]).Relu();
            var h2 = (h1.MatMul(p[2]) + p[3]).Relu();
            var s = (h2.MatMul(p[4]) + p[5]).Softmax(1);
            var results = new List<Tensor> { -(y * (s + 1e-9).Log()).Sum() / (double)Batch };
            var go = (s - y) / (double)Batch;
            var gh2 = go.MatMul(p[4].Transpose()) * h2.Gt(0.0).To(DType.Float32);
            var gh1 = gh2.MatMul(p[2].Transpose()) * h1.Gt(0.0).To(DType.Float32);
            Tensor[] g = [x.Transpose().MatMul(gh1), gh1.Sum(0), h1.Transpose().MatMul(gh2), gh2.Sum(0), h2.Transpose().MatMul(go), go.Sum(0)];
            for (var i = 0; i < g.Length; i++)
            {
                var first = ((m[i] * 0.9) + (g[i] * 0.1)).Keep();
                var second = ((v[i] * 0.999) + (g[i] * g[i] * 0.001)).Keep();
                results.AddRange([p[i] - (first / (second.Sqrt() + 1e-8) * 1e-3), first, second]);
            }
            return [.. results];
        };
    });

    private static Tensor OneHot(Device device)
    {
        var values = new float[Batch * Classes];
        for (var i = 0; i < Batch; i++) values[(i * Classes) + (i * 7 % Classes)] = 1;
        return Tensor.From(values, [Batch, Classes], device);
    }
}

using CsCheck;

namespace LazyHost.Tests;

/// <summary>Random programs with random operators refused by two of three backends give the same bits as the Reference backend alone.</summary>
public sealed class FallbackRandomTests
{
    private static readonly string[] Refusable = ["prim.add", "prim.mul", "prim.max", "prim.abs", "prim.tanh", "prim.reduce_sum", "prim.reduce_max", "prim.permute", "prim.exp", "softmax", "batch_norm"];

    private static readonly Gen<(int[] Choices, int[] Own, int[] Near)> Programs =
        Gen.Select(Gen.Int[0, 999].Array[5, 60], Gen.Int[0, Refusable.Length - 1].Array[0, 6], Gen.Int[0, Refusable.Length - 1].Array[0, 4]);

    [Fact]
    public void RandomProgramsGiveTheSameBits()
    {
        var inParts = 0;
        Programs.Sample(sample => inParts += Check(sample.Choices, sample.Own, sample.Near), iter: 300, threads: 1);
        Assert.True(inParts > 100, $"only {inParts} of 300 programs fell back");
    }

    private static int Check(int[] choices, int[] own, int[] near)
    {
        string[] Names(int[] picked) => [.. picked.Select(i => Refusable[i])];
        var lazy = new PartialEngine(new PartialBackend("own", Names(own)), new PartialBackend("near", Names(near)), new PartialBackend("far"));
        var reference = new TestEngine();
        var (expected, found) = (Run(reference.Device, choices), Run(lazy.Device, choices));
        for (var i = 0; i < expected.Count; i++) Assert.Equal(expected[i].ToArray<float>(), found[i].ToArray<float>());
        lazy.Device.WaitDeviceOpsAsync().GetAwaiter().GetResult();
        foreach (var device in lazy.Engine.Devices.Skip(1)) Assert.Equal(0, device.MemoryUse.InUse);
        lazy.DisposeAsync().AsTask().GetAwaiter().GetResult();
        reference.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.Equal(0, lazy.Own.BytesInUse + lazy.Chain.Sum(b => b.BytesInUse));
        return Math.Min(1, lazy.Chain.Sum(b => b.Runs));
    }

    /// <summary>Values of shape [3, 4] only, so that any two fit.</summary>
    private static List<Tensor> Run(Device device, int[] choices)
    {
        var next = 0;
        int Choose(int count) => next < choices.Length ? choices[next++] % count : 0;
        Tensor Input(int seed) => Tensor.From([.. Enumerable.Range(0, 12).Select(i => ((((i * 7) + (seed * 5)) % 11) - 4) / 4f)], [3, 4], device);
        var values = new List<Tensor> { Input(0), Input(1) };
        var w = new Parameter(Input(2));
        while (next < choices.Length && values.Count < 30)
        {
            Tensor x = values[values.Count - 1 - Choose(values.Count)], y = values[values.Count - 1 - Choose(Math.Min(values.Count, 4))];
            switch (Choose(13))
            {
                case 0: values.Add(x + y); break;
                case 1: values.Add(x * y); break;
                case 2: values.Add(x.Maximum(y)); break;
                case 3: values.Add(x.Abs()); break;
                case 4: values.Add(x.Tanh()); break;
                case 5: values.Add(x - x.Sum(axis: 1, keepDims: true)); break;
                case 6: values.Add(y * x.Max(axis: 0, keepDims: true)); break;
                case 7: values.Add(x.Transpose().Softmax().Transpose()); break;
                case 8: values.Add((x.Tanh() * (Choose(5) - 2)).Exp()); break;
                case 9:
                    var (result, mean, _) = x.BatchNorm(Tensor.Ones([4], device), Tensor.Zeros([4], device));
                    values.Add(result + mean);
                    break;
                case 10: values.Add(x.Tanh().Keep()); break;
                case 11: w.Assign((w * 0.5) + y.Tanh()); values.Add(w + x); break;
                default: values.Add(Input(Choose(5))); break;
            }
        }
        return [values[^1], w, .. values.Where((_, i) => i % 5 == 4)];
    }
}

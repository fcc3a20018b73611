using LazyHost.Backends;
using LazyHost.Backends.Reference;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Tests;

/// <summary>Every operator of the catalog, recorded as a user records it: traced, compiled once, never run elsewhere, and the same on both backends.</summary>
public sealed class OperatorSweepTests
{
    public static TheoryData<string> Names => [.. OperatorCatalog.All.Select(form => form.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EveryOperatorIsTracedAndNoneFallsBack(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        var type = form.DTypes.Contains(DType.Float32) ? DType.Float32 : form.DTypes[0];
        var reference = await RunAsync(form, type, new ReferenceBackend());
        var simd = await RunAsync(form, type, new SimdBackend(new SimdSettings(2)));
        Assert.NotEmpty(reference);
        for (var i = 0; i < reference.Count; i++)
        {
            Assert.Equal(reference[i].Type, simd[i].Type);
            var (expected, actual) = (reference[i].Elements, simd[i].Elements);
            // Both may be wrong by the tolerance of the operator, in opposite directions.
            var (own, other) = (form.Tolerance(type), form.Tolerance(reference[i].Type.DType));
            var tolerance = reference[i].Type.DType.IsFloat() ? new Tolerance(Math.Max(own.Relative, other.Relative), Math.Max(own.Absolute, other.Absolute)).Times(2) : Tolerance.Exact;
            for (var k = 0; k < expected.Length; k++)
                Assert.True(expected[k].Equals(actual[k]) || Math.Abs(expected[k] - actual[k]) <= tolerance.Absolute + (tolerance.Relative * Math.Abs(expected[k])),
                    $"{name}, result {i} {reference[i].Type} [{k}]: {actual[k]} on simd, {expected[k]} on reference");
        }
    }

    /// <summary>The results of all samples. Each is run twice, the second time from the cache, and must give the same bits.</summary>
    private static async Task<List<(TensorType Type, double[] Elements)>> RunAsync(OperatorForm form, DType type, IBackend backend)
    {
        await using var lazy = new TestEngine(new() { FallbackChain = ["reference"] }, backend);
        var metrics = lazy.Engine.Metrics;
        var results = new List<(TensorType, double[])>();
        foreach (var sample in form.Samples(type).Where(s => s.Class != ShapeClass.Large))
        {
            List<byte[]>? first = null;
            for (var run = 0; run < 2; run++)
            {
                var random = new Random(5);
                Operand[] operands = [.. sample.Inputs.Select(input => (Operand)Draw(lazy.Device, input, random))];
                metrics.Reset();
                var further = new Tensor[form.OutputCount - 1];
                var result = Tensor.Record(lazy.Device, form, operands, sample.Attributes, null, 0, further);
                Tensor[] outputs = [result, .. further];
                lazy.Device.SyncTensors(outputs);
                Assert.Equal(1, metrics.TracedOperators[$"lazy::{form.Name}"]);
                Assert.Empty(metrics.FallbackOperators);
                if (run == 1) Assert.Equal((0, 1), (metrics.UncachedCompile.Total, metrics.CachedCompile.Total));
                var bytes = new List<byte[]>();
                foreach (var output in outputs) bytes.Add(await output.ToBytesAsync());
                if (run == 1) Assert.Equal(first!, bytes);
                else foreach (var output in outputs) results.Add((output.Type, output.To(DType.Float64).ToArray<double>()));
                first = bytes;
            }
        }
        return results;
    }

    private static Tensor Draw(Device device, SampleInput input, Random random)
    {
        var whole = !input.Type.DType.IsFloat();
        var elements = new double[input.Type.Shape.ElementCount];
        for (var i = 0; i < elements.Length; i++)
        {
            var value = input.Low + ((input.High - input.Low) * random.NextDouble());
            elements[i] = whole ? Math.Clamp(Math.Round(value), Math.Ceiling(input.Low), Math.Floor(input.High)) : value;
        }
        var drawn = Tensor.From(elements, input.Type.Shape, device).To(input.Type.DType);
        device.SyncTensors([drawn]);
        return drawn;
    }
}

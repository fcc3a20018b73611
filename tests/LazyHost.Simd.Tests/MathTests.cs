using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

/// <summary>The errors that the doc comments of the functions state, measured against the next wider arithmetic.</summary>
public sealed class MathTests
{
    public static TheoryData<string, double> Singles => new()
    {
        { "prim.exp", 1 }, { "prim.expm1", 2 }, { "prim.log", 1.5 }, { "prim.log1p", 2.5 }, { "prim.sin", 2 }, { "prim.cos", 2 }, { "prim.tanh", 3 }, { "prim.erf", 2 },
        { "prim.sqrt", 0.51 }, { "prim.rsqrt", 1.5 },
    };

    [Theory, MemberData(nameof(Singles))]
    public async Task SinglesKeepTheirBounds(string name, double bound)
    {
        await using var simd = new SimdBackend(new(2));
        var worst = 0.0;
        // Every 1,021st pattern of all 2^32 meets every exponent thousands of times; the exact error function is slow and sees fewer.
        var step = name == "prim.erf" ? 999_983L : 1021;
        var inputs = Enumerable.Range(0, (int)((1L << 32) / step)).Select(i => BitConverter.UInt32BitsToSingle((uint)(i * step))).ToArray();
        var results = Run(simd, name, inputs);
        for (var i = 0; i < inputs.Length; i++) worst = Math.Max(worst, Error(name, inputs[i], results[i]));
        Assert.True(worst <= bound, $"{name} is off by {worst:F3} ULP, but {bound} are promised");
    }

    public static TheoryData<string, double> Doubles => new()
    {
        { "prim.exp", 1 }, { "prim.expm1", 2 }, { "prim.log", 1.5 }, { "prim.log1p", 2.5 }, { "prim.sin", 2 }, { "prim.cos", 2 }, { "prim.tanh", 3 }, { "prim.erf", 2 },
    };

    [Theory, MemberData(nameof(Doubles))]
    public async Task DoublesKeepTheirBounds(string name, double bound)
    {
        await using var simd = new SimdBackend(new(2));
        var random = new Random(3);
        var inputs = Enumerable.Range(0, 3000).Select(i => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3))).Where(x => name is not ("prim.log" or "prim.log1p") || x > 0).ToArray();
        var type = new TensorType(DType.Float64, [inputs.Length]);
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.All.First(p => p.Name == name), [builder.Parameter(type)]));
        var bytes = Runner.Run(simd, builder.Build(), [inputs.SelectMany(BitConverter.GetBytes).ToArray()])[0];
        var worst = 0.0;
        for (var i = 0; i < inputs.Length; i++)
        {
            var actual = BitConverter.ToDouble(bytes, i * 8);
            var exact = BigMath.Evaluate(name, inputs[i]);
            var ulp = Math.Max(double.Epsilon, Math.BitIncrement(Math.Abs((double)exact)) - Math.Abs((double)exact));
            worst = Math.Max(worst, Math.Abs((double)((BigMath)actual - exact)) / ulp);
        }
        Assert.True(worst <= bound, $"{name} is off by {worst:F3} ULP, but {bound} are promised");
    }

    [Theory, InlineData("prim.pow", 2), InlineData("prim.atan2", 2.5)]
    public async Task SinglesOfTwoOperandsKeepTheirBounds(string name, double bound)
    {
        await using var simd = new SimdBackend(new(2));
        var random = new Random(4);
        const int Count = 400_000;
        var a = Enumerable.Range(0, Count).Select(_ => (float)(Math.Pow(10, (random.NextDouble() * 12) - 6) * (name == "prim.pow" || random.Next(2) == 0 ? 1 : -1))).ToArray();
        var b = Enumerable.Range(0, Count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-2, 3)))).ToArray();
        var type = new TensorType(DType.Float32, [Count]);
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.All.First(p => p.Name == name), [builder.Parameter(type), builder.Parameter(type)]));
        var bytes = Runner.Run(simd, builder.Build(), [a.SelectMany(BitConverter.GetBytes).ToArray(), b.SelectMany(BitConverter.GetBytes).ToArray()])[0];
        var worst = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var exact = name == "prim.pow" ? Math.Pow(a[i], b[i]) : Math.Atan2(a[i], b[i]);
            worst = Math.Max(worst, Ulps(exact, BitConverter.ToSingle(bytes, i * 4)));
        }
        Assert.True(worst <= bound, $"{name} is off by {worst:F3} ULP, but {bound} are promised");
    }

    private static float[] Run(SimdBackend simd, string name, float[] inputs)
    {
        var type = new TensorType(DType.Float32, [inputs.Length]);
        var builder = new GraphBuilder();
        builder.AddRoot(builder.Emit(Primitives.All.First(p => p.Name == name), [builder.Parameter(type)]));
        var bytes = new byte[type.ByteSize];
        Buffer.BlockCopy(inputs, 0, bytes, 0, bytes.Length);
        var result = Runner.Run(simd, builder.Build(), [bytes])[0];
        var results = new float[inputs.Length];
        Buffer.BlockCopy(result, 0, results, 0, result.Length);
        return results;
    }

    private static double Error(string name, float x, float actual)
    {
        // Where no function of doubles is at hand, a Taylor tail stands in near 0: there its error is far below a single's.
        double d = x;
        var exact = name switch
        {
            "prim.exp" => Math.Exp(d),
            "prim.expm1" => Math.Abs(d) < 1e-3 ? d + (d * d / 2) + (d * d * d / 6) : Math.Exp(d) - 1,
            "prim.log" => Math.Log(d),
            "prim.log1p" => Math.Abs(d) < 1e-4 ? d - (d * d / 2) + (d * d * d / 3) : Math.Log(1 + d),
            "prim.sin" => Math.Sin(d),
            "prim.cos" => Math.Cos(d),
            "prim.tanh" => Math.Tanh(d),
            "prim.sqrt" => Math.Sqrt(d),
            "prim.rsqrt" => 1 / Math.Sqrt(d),
            _ => double.IsFinite(d) ? (double)BigMath.Evaluate(name, d) : double.IsNaN(d) ? d : Math.Sign(d),
        };
        return Ulps(exact, actual);
    }

    /// <summary>The error in units of the last place of the exact result's single.</summary>
    private static double Ulps(double exact, float actual)
    {
        if (double.IsNaN(exact)) return float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        if (float.IsInfinity((float)exact)) return actual == (float)exact || MathF.Abs(actual) == float.MaxValue ? 0 : double.PositiveInfinity;
        var size = MathF.Abs((float)exact);
        return size == float.MaxValue && float.IsInfinity(actual) ? 0.5 : Math.Abs(exact - actual) / (MathF.BitIncrement(size) - (double)size is var ulp && double.IsFinite(ulp) ? ulp : 2e31);
    }
}

using System.Diagnostics;
using System.Globalization;
using LazyHost.Backends.Simd;
using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Simd.Tests;

/// <summary>Element-wise results have the same bits at every vector width, also where the machine lacks the wider instructions altogether.</summary>
public sealed class WidthTests
{
    private const string HashFile = "LAZYHOST_TEST_HASH_FILE";

    [Fact]
    public async Task EveryWidthOfThisProcessGivesTheSameBits()
    {
        var hashes = new List<string>();
        foreach (var width in (int[])[512, 256, 128, 0]) hashes.Add(await Hash(width));
        Assert.All(hashes, hash => Assert.Equal(hashes[0], hash));
        if (Environment.GetEnvironmentVariable(HashFile) is { } file) await File.WriteAllTextAsync(file, hashes[0]);
    }

    [Theory, InlineData("DOTNET_EnableAVX512"), InlineData("DOTNET_EnableAVX2"), InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task AMachineWithLessGivesTheSameBits(string switchedOff)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(HashFile) is null, "this is such a machine");
        var file = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("dotnet", ["exec", typeof(WidthTests).Assembly.Location, "-method", $"{typeof(WidthTests).FullName}.{nameof(EveryWidthOfThisProcessGivesTheSameBits)}"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment[switchedOff] = "0";
            start.Environment[HashFile] = file;
            using var child = Process.Start(start)!;
            var output = await child.StandardOutput.ReadToEndAsync() + await child.StandardError.ReadToEndAsync();
            await child.WaitForExitAsync();
            Assert.True(child.ExitCode == 0, output);
            Assert.Equal(await Hash(512), await File.ReadAllTextAsync(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> Hash(int width)
    {
        await using var simd = new SimdBackend(new(2, width));
        var sum = 17UL;
        foreach (var type in (DType[])[DType.Float32, DType.Float64, DType.Float16, DType.BFloat16])
            foreach (var primitive in Primitives.All)
            {
                if (primitive.Kind is < PrimitiveKind.Neg or > PrimitiveKind.Select || !primitive.DTypes.Contains(type)) continue;
                // Sizes around whole vectors, so that elements stand in the middle and in rests.
                foreach (var size in (long[])[613, 8])
                {
                    var random = new Random((int)primitive.Kind);
                    var builder = new GraphBuilder();
                    TensorType[] operands = [.. Enumerable.Range(0, primitive.OperandCount.Least).Select(i => new TensorType(primitive.Kind == PrimitiveKind.Select && i == 0 ? DType.Bool : type, [size]))];
                    builder.AddRoot(builder.Emit(primitive, [.. operands.Select(builder.Parameter)]));
                    var result = Runner.Run(simd, builder.Build(), [.. operands.Select(operand => Elements.Random(random, operand, scale: 9))])[0];
                    sum = (sum * 31) + Elements.Hash(builder.TypeOf(new(operands.Length)), result);
                }
            }
        return sum.ToString(CultureInfo.InvariantCulture);
    }
}

using System.Text.Json;
using LazyHost.Formats;

namespace LazyHost.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private const int Steps = 40;
    private readonly string folder = Directory.CreateTempSubdirectory("lazyhost-").FullName;

    private string Model => Path.Combine(folder, "model.safetensors");

    private static JsonElement Summary(Lazyhost run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        var line = run.Lines[^1];
        Assert.Equal(["device", "accuracy", "loss", "steps", "seconds", "ms_per_step", "compiles", "cache_hits"], line.EnumerateObject().Select(p => p.Name));
        return line;
    }

    [Fact]
    public async Task ATrainedModelIsSavedAndMeasuresTheSameWhenReadBack()
    {
        var trained = Summary(await Lazyhost.RunAsync("train", "mnist", "--steps", $"{Steps}", "--seed", "7", "--model", Model, "--json"));
        Assert.Equal(("simd:0", Steps), (trained.GetProperty("device").GetString(), trained.GetProperty("steps").GetInt32()));
        Assert.InRange(trained.GetProperty("accuracy").GetDouble(), 0.6, 1);
        Assert.InRange(trained.GetProperty("loss").GetDouble(), 0, 1.5);
        Assert.InRange(trained.GetProperty("compiles").GetInt64(), 1, 2);
        Assert.Equal(Steps, trained.GetProperty("compiles").GetInt64() + trained.GetProperty("cache_hits").GetInt64());
        Assert.True(trained.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(["0.bias", "0.weight", "3.bias", "3.weight", "7.bias", "7.weight"], SafetensorsFile.Read(Model).Tensors.Keys.Order(StringComparer.Ordinal));

        var before = File.ReadAllBytes(Model);
        var read = Summary(await Lazyhost.RunAsync("train", "mnist", "--evaluate", "--model", Model, "--json"));
        Assert.Equal(0, read.GetProperty("steps").GetInt32());
        Assert.Equal(trained.GetProperty("accuracy").GetDouble(), read.GetProperty("accuracy").GetDouble());
        Assert.Equal(trained.GetProperty("loss").GetDouble(), read.GetProperty("loss").GetDouble());
        Assert.Equal(before, File.ReadAllBytes(Model));
    }

    [Fact]
    public async Task WithoutJsonTheProgressIsPlainLines()
    {
        var run = await Lazyhost.RunAsync("train", "mnist", "--steps", "26", "--threads", "1");
        Assert.Equal(0, run.ExitCode);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(27, lines.Length);
        Assert.StartsWith("training 1/26: loss ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("training 26/26: loss ", lines[25], StringComparison.Ordinal);
        Assert.Contains("of the held-out digits recognized", lines[26], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelThatCannotBeReadIsAFailure()
    {
        var missing = await Lazyhost.RunAsync("train", "mnist", "--evaluate", "--model", Model);
        Assert.Equal((1, ""), (missing.ExitCode, missing.Output));
        Assert.Contains(Model, missing.Error, StringComparison.Ordinal);
        File.WriteAllBytes(Model, [1, 2, 3]);
        var damaged = await Lazyhost.RunAsync("train", "mnist", "--evaluate", "--model", Model);
        Assert.Equal(1, damaged.ExitCode);
        Assert.Contains("truncated", damaged.Error, StringComparison.Ordinal);
        new SafetensorsFile(new Dictionary<string, HostTensor> { ["other"] = HostTensor.From<float>([1], [1]) }).Write(Model);
        var other = await Lazyhost.RunAsync("train", "mnist", "--evaluate", "--model", Model);
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("parameter '0.weight'", other.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

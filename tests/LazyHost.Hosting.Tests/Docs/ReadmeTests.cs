using System.Runtime.CompilerServices;

namespace LazyHost.Hosting.Tests.Docs;

public sealed class ReadmeTests
{
    [Theory]
    [InlineData("host", "README.md")]
    [InlineData("train", "README.md")]
    [InlineData("metrics", "docs/seeing.md")]
    [InlineData("dumps", "docs/seeing.md")]
    [InlineData("scopes", "docs/seeing.md")]
    [InlineData("capture", "docs/capturing.md")]
    [InlineData("cache", "docs/caching.md")]
    [InlineData("compiles", "docs/caching.md")]
    [InlineData("limits", "docs/caching.md")]
    [InlineData("sizes", "docs/caching.md")]
    [InlineData("loops", "docs/capturing.md")]
    [InlineData("pure", "docs/capturing.md")]
    public void APageShowsWhatIsCompiledHere(string region, string page)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder(), "Snippets.cs"));
        var start = Array.FindIndex(lines, l => l.Trim() == $"#region {region}") + 1;
        var end = Array.FindIndex(lines, start, l => l.Trim() == "#endregion");
        var code = string.Join('\n', lines[start..end].Select(l => l.Length > 8 ? l[8..] : l.Trim())).TrimEnd();
        Assert.Contains(code, File.ReadAllText(Path.Combine(Folder(), "..", "..", "..", page)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItRunsInAHost()
    {
        var p = await Snippets.InAHostAsync([], new float[2 * 784], 2);
        Assert.Equal(20, p.Length);
        Assert.All(p, v => Assert.Equal(0.1f, v, 1e-6f));
    }

    [Fact]
    public async Task ItTrains()
    {
        var images = Enumerable.Range(0, 64 * 784).Select(i => (i % 17) / 17f).ToArray();
        var labels = Enumerable.Range(0, 64).Select(i => (long)(i % 10)).ToArray();
        var losses = await Snippets.TrainAsync(Enumerable.Repeat((images, labels), 10));
        Assert.True(losses[^1] < losses[0], $"{losses[0]} -> {losses[^1]}");
    }

    [Fact]
    public async Task ItMarks()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        foreach (var rows in new[] { 3, 5, 9 }) Assert.Equal(rows * 784 * 2f, Snippets.Marks(lazy.Devices.Default, [.. Enumerable.Repeat(1f, rows * 784)], rows));
        Assert.Equal((1, 2), (lazy.Engine.Metrics.UncachedCompile.Total, lazy.Engine.Metrics.AssembledPrograms.Total));
    }

    [Fact]
    public async Task ItSees()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        var shown = new StringWriter();
        var adds = Snippets.See(lazy, lazy.Devices.Default, shown);
        Assert.Equal(1, adds);
        foreach (var text in new[] { "relu(%", "flowchart TD", "Counter: lazy::add", "encoder.1/attention.1", "encoder.1/feed.2" }) Assert.Contains(text, shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItCaptures()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        var shown = new StringWriter();
        var p = Snippets.Capture(lazy.Devices.Default, shown);
        Assert.Equal(1 / (1 + MathF.Exp(2)), p[0], 1e-6f);
        foreach (var text in new[] { "(f32[4, 3]) -> (f32[4, 2])", "reached by reference: f32[3, 2], f32[2]", "looked up on every run: f32" }) Assert.Contains(text, shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItCaches()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        var shown = new StringWriter();
        var figures = Snippets.Caches(lazy, lazy.Devices.Default, shown);
        Assert.Equal((2, 0L, 2L), (figures.Entries, figures.Hits, figures.Misses));
        foreach (var text in new[] { "(FirstCompile)\n", "[2], was ", "\nFalse\n", "\n1\n" }) Assert.Contains(text, shown.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItLoops()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        var results = Snippets.Loops(lazy.Devices.Default);
        Assert.Equal(1307.5f, results[0], 1e-2f);
        Assert.Equal(MathF.Sqrt(2), results[1], 1e-3f);
    }

    [Fact]
    public async Task ItCallsPureFunctions()
    {
        await using var lazy = await LazyRuntime.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal([58f, 58], Snippets.Pure(lazy.Devices.Default));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

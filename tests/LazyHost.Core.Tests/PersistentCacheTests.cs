using LazyHost.Backends;
using LazyHost.Backends.Reference;
using Microsoft.Extensions.Logging;

namespace LazyHost.Tests;

/// <summary>Programs kept in a directory for later processes, each an engine of its own here: what is wrong with a file is said, and never an error.</summary>
public sealed class PersistentCacheTests : IDisposable
{
    private static readonly Dictionary<string, (Func<byte[], byte[]> Damage, string Reason)> Damages = new()
    {
        ["empty"] = (_ => [], "it is no program of LazyHost"),
        ["foreign"] = (_ => "some text of somebody else's"u8.ToArray(), "it is no program of LazyHost"),
        ["cut in its header"] = (file => file[..15], "it is truncated"),
        ["cut at its end"] = (file => file[..^1], "it is truncated: it has "),
        ["longer"] = (file => [.. file, 0], "it is corrupt"),
        ["a later format"] = (file => Changed(file, 8), "its format is version 254, this host reads version 1"),
        ["a byte of the build"] = (file => Changed(file, 30), "it is corrupt"),
        ["a byte of the program"] = (file => Changed(file, file.Length - 30), "it is corrupt"),
        ["a byte of the checksum"] = (file => Changed(file, file.Length - 1), "it is corrupt"),
    };

    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("lazyhost-").FullName, "programs");
    private readonly LogList logs = new();

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public async Task ALaterProcessReadsWhatAnEarlierCompiled()
    {
        Assert.Equal((2, 0L, 2L), await Run());
        Assert.Equal(2, Files().Length);
        Assert.Equal((0, 2L, 0L), await Run());
        Assert.Equal(2, Directory.GetFiles(folder).Length); // nothing else is left
        Assert.Equal((1, 2L, 1L), await Run(sizes: [1, 2, 3]));
        Assert.DoesNotContain(logs.Lines, l => l.Level >= LogLevel.Warning);
    }

    [Theory]
    [MemberData(nameof(DamageNames))]
    public async Task ADamagedFileIsIgnoredWithTheReasonAndWrittenAnew(string name)
    {
        var (damage, reason) = Damages[name];
        await Run(sizes: [1]);
        var file = Assert.Single(Files());
        File.WriteAllBytes(file, damage(File.ReadAllBytes(file)));
        Assert.Equal((1, 0L, 1L), await Run(sizes: [1], refused: 1));
        Assert.Contains($"{file} is ignored: {reason}", Assert.Single(logs.Lines, l => l.Text.Contains("is ignored", StringComparison.Ordinal)).Text, StringComparison.Ordinal);
        Assert.Equal((0, 1L, 0L), await Run(sizes: [1]));
    }

    [Fact]
    public async Task AnotherBuildOfABackendReplacesItsFiles()
    {
        await Run(sizes: [1]);
        Assert.Equal((1, 0L, 1L), await Run(sizes: [1], build: "later", refused: 1));
        Assert.Contains(logs.Lines, l => l.Text.Contains("it is of another build: ", StringComparison.Ordinal));
        Assert.Equal((0, 1L, 0L), await Run(sizes: [1], build: "later"));
        Assert.Single(Files());
    }

    [Fact]
    public async Task OtherOptionsOfBackendOrHostHaveFilesOfTheirOwn()
    {
        var plain = new CompilationOptions();
        foreach (var (fingerprint, options) in new[] { ("plain", plain), ("wide", plain), ("plain", plain with { Fusion = false }), ("plain", plain with { AllowContraction = true }) })
            Assert.Equal((2, 0L, 2L), await Run(new() { Fingerprint = fingerprint }, compilation: options));
        Assert.Equal(8, Files().Length);
        Assert.Equal((0, 2L, 0L), await Run(new() { Fingerprint = "wide" }));
    }

    [Fact]
    public async Task WhatABackendDoesNotTakeOrCannotGiveIsCompiled()
    {
        Assert.Equal((1, 0L, 1L), await Run(new() { CannotSerialize = new InvalidOperationException("not this one") }, sizes: [1]));
        Assert.Contains(logs.Lines, l => l.Text.Contains("InvalidOperationException: not this one", StringComparison.Ordinal));
        Assert.False(Directory.Exists(folder));
        await Run(sizes: [1]);
        Assert.Equal((1, 0L, 1L), await Run(new() { CannotRead = new NotSupportedException("too old") }, sizes: [1], refused: 1));
        Assert.Contains(logs.Lines, l => l.Text.Contains("the backend 'kept' does not take it: NotSupportedException: too old", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BeyondItsSizeWhatWasUsedLongestAgoIsDeleted()
    {
        await Run(sizes: [1, 2, 3]);
        var files = Files();
        var size = files.Sum(f => new FileInfo(f).Length);
        var start = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < 3; i++) File.SetLastWriteTimeUtc(files[i], start.AddDays(i));
        await Run(sizes: [4], bytes: size + 20);
        Assert.DoesNotContain(files[0], Files());
        Assert.Equal(3, Files().Length);
        await Run(sizes: [5], bytes: 10); // one that is larger than all is not written
        Assert.Equal(3, Files().Length);
    }

    [Fact]
    public async Task AUseKeepsAFile()
    {
        await Run(sizes: [1, 2, 3]);
        foreach (var file in Files()) File.SetLastWriteTimeUtc(file, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await Run(sizes: [2]);
        var used = Assert.Single(Files(), f => File.GetLastWriteTimeUtc(f).Year > 2020);
        await Run(sizes: [4], bytes: (new FileInfo(used).Length * 2) + 20);
        Assert.Contains(used, Files());
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public async Task ADirectoryThatCannotBeWrittenIsSaidOnceAndHarmsNothing()
    {
        File.WriteAllText(folder, "a file where the directory should be");
        Assert.Equal((3, 0L, 3L), await Run(sizes: [1, 2, 3]));
        Assert.Contains(folder, Assert.Single(logs.Lines, l => l.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAProgramInPartsThoseAreKeptWhoseBackendsCan()
    {
        for (var i = 0; i < 2; i++)
        {
            await using var engine = new LazyEngine(new() { CacheDirectory = folder, FallbackChain = ["kept"] });
            var (own, far) = (new PartialBackend("own", "prim.tanh"), new SerializingBackend());
            var device = engine.AddBackend(own, "own", "test")[0];
            engine.AddBackend(far, "kept", "test");
            Assert.Equal(MathF.Tanh(2), (Tensor.From([1f], [1], device) + 1).Tanh().Item(), 1e-6f);
            Assert.Equal((1, 1 - i, (long)i), (own.Compiled.Count, far.Compiles, engine.Metrics.PersistentCacheHit.Total));
        }
    }

    [Fact]
    public async Task ABackendThatCannotKeepProgramsIsSaidOnce()
    {
        await using var engine = new LazyEngine(new() { CacheDirectory = folder }, logs);
        var device = engine.AddBackend(new ReferenceBackend(), "reference", "test")[0];
        Assert.Equal(2f, (Tensor.From([1f], [1], device) + 1).Item());
        Assert.Contains("'reference'", Assert.Single(logs.Lines, l => l.Level == LogLevel.Warning).Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        Assert.Equal(0, engine.Metrics.PersistentCacheMiss.Total);
    }

    private string[] Files() => [.. Directory.GetFiles(folder, "*.lazyprog").Order(StringComparer.Ordinal)];

    /// <summary>Runs a program for each size in an engine of its own: what its backend compiled, and what was and was not found in the directory.</summary>
    private async Task<(int Compiles, long Hits, long Misses)> Run(
        SerializingBackend? backend = null, int[]? sizes = null, string build = "test", long bytes = 1 << 20, int refused = 0, CompilationOptions? compilation = null)
    {
        backend ??= new();
        await using var engine = new LazyEngine(new() { CacheDirectory = folder, CacheDirectoryBytes = bytes, Compilation = compilation ?? CompilationOptions.Default }, logs);
        var device = engine.AddBackend(backend, "kept", build)[0];
        foreach (var size in sizes ?? [1, 2])
            for (var i = 0; i < 2; i++) Assert.Equal(i + 1f, (Tensor.From(new float[size], [size], device).Exp() + i).ToArray<float>()[0]);
        Assert.Equal(refused, engine.Metrics.PersistentCacheRefused.Total);
        return (backend.Compiles, engine.Metrics.PersistentCacheHit.Total, engine.Metrics.PersistentCacheMiss.Total);
    }

    private static byte[] Changed(byte[] file, int at)
    {
        file[at] = (byte)~file[at];
        return file;
    }
}

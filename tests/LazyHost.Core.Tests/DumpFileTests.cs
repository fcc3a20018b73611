using System.Text.RegularExpressions;
using LazyHost.Backends.Reference;

namespace LazyHost.Tests;

/// <summary>The file to which closed segments are written.</summary>
public sealed class DumpFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lazyhost-").FullName;

    private string Dump => Path.Combine(folder, "segments.txt");

    [Fact]
    public void ARecordSaysWhatWhenWhyAndHow() => Assert.Equal("""
        segment 7 on simd:0, step 3
          closed by: a read at Model.cs:41
          key: 000000000000000000000000000000ff
          outcome: compiled
          in Model.Forward (Model.cs:40)
          in Program.Main (Program.cs:7)
        BEGIN text
        %0 = parameter() : f32[]
        END text


        """, new SegmentRecord
    {
        Number = 7,
        Device = DeviceId.Parse("simd:0"),
        Step = 3,
        Reason = CloseReason.Read,
        Site = new("/src/Model.cs", 41),
        Key = 255,
        Outcome = "compiled",
        Format = DumpFormat.Text,
        Graph = "%0 = parameter() : f32[]\n",
        Stack = ["Model.Forward (Model.cs:40)", "Program.Main (Program.cs:7)"],
    }.ToString());

    [Fact]
    public void AFileThatCannotBeWrittenIsAConfigurationError()
    {
        var error = Assert.Throws<ConfigurationException>(() => new LazyEngine(new() { DumpFile = folder }));
        Assert.StartsWith($"the dump file {folder} cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => new LazyEngine(new() { DumpFile = Path.Combine(folder, "missing", "segments.txt") }));
    }

    [Fact]
    public async Task EverySegmentIsWrittenWithWhatClosedIt()
    {
        await using var lazy = new TestEngine(new() { DumpFile = Dump, SegmentNodeLimit = 20 });
        var x = lazy.Tensor(1, 2);
        for (var i = 0; i < 2; i++)
        {
            _ = x + i;
            lazy.Device.MarkStep();
        }
        _ = (x * 2).ToArray<float>();
        for (var i = 0; i < 20; i++) _ = x.Neg();
        lazy.Device.SyncLiveTensors();
        await using (var step = lazy.Device.BeginStep())
        {
            _ = x.Exp();
            await step.CompleteAsync();
        }
        using (lazy.Device.Use(ExecutionMode.Eager)) _ = x.Abs();
        lazy.Device.Compiled(() => { _ = x.Sqrt(); });
        lazy.Device.SyncTensors([x - 1]);
        var text = File.ReadAllText(Dump);
        Assert.Equal(["MarkStep", "MarkStep", "a read at DumpFileTests.cs", "the limit of nodes", "SyncLiveTensors", "the end of its step scope", "eager mode", "the end of its compiled region", "SyncTensors"],
            Regex.Matches(text, @"closed by: (.*)").Select(m => Regex.Replace(m.Groups[1].Value, @":\d+$", "")));
        Assert.Equal(["compiled", "in the cache", "compiled"], Regex.Matches(text, @"outcome: (.*)").Take(3).Select(m => m.Groups[1].Value.Split(':')[0]));
        Assert.Contains("outcome: compiled: the cache holds no program of reference:0 yet (FirstCompile)\n", text, StringComparison.Ordinal);
        Assert.Contains(": operator is mul, was add (Operator; ", text, StringComparison.Ordinal);
        var keys = Regex.Matches(text, @"key: ([0-9a-f]{32})").Select(m => m.Groups[1].Value).ToList();
        Assert.Equal(9, keys.Count);
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.Contains("on reference:0, step 1\n", text, StringComparison.Ordinal);
        Assert.Contains("BEGIN text\n%0 = parameter() {slot=0, dtype=f32, sizes=[2]} : f32[2]\n%1 = scalar() {slot=0, dtype=f32} : f32[]\n%2 = add(%0, %1) : f32[2]  ROOT 0\nEND text\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASegmentThatCannotBeCompiledIsWrittenWithTheReason()
    {
        await using var lazy = new TestEngine(new() { DumpFile = Dump }, new FaultyBackend { OnCompile = (_, _) => new InvalidOperationException("no\nway") });
        Assert.Throws<CompilationException>(() => (lazy.Tensor(1) + 1).Item());
        Assert.Matches(@"outcome: .*no way\n", File.ReadAllText(Dump));
    }

    [Theory]
    [InlineData(DumpFormat.Dot, "digraph segment {")]
    [InlineData(DumpFormat.Mermaid, "flowchart TD")]
    [InlineData(DumpFormat.Backend, "prim.neg")]
    public async Task TheFormatIsAnOption(DumpFormat format, string text)
    {
        await using var lazy = new TestEngine(new() { DumpFile = Dump, DumpFormat = format });
        _ = lazy.Tensor(1).Neg().Item();
        Assert.Contains(text, File.ReadAllText(Dump), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FramesAreWrittenWhereTheyAreAskedFor()
    {
        await using var lazy = new TestEngine(new() { DumpFile = Dump, Frames = true });
        _ = lazy.Tensor(1) + 1;
        lazy.Device.MarkStep();
        Assert.Matches(@"closed by: MarkStep at DumpFileTests\.cs:\d+\n(.*\n)*  in DumpFileTests\.FramesAreWrittenWhereTheyAreAskedFor \(DumpFileTests\.cs:\d+\)\n", File.ReadAllText(Dump));
    }

    [Fact]
    public async Task AFileThatCanNoLongerBeWrittenHarmsNoStepAndIsSaidOnce()
    {
        var inner = Directory.CreateDirectory(Path.Combine(folder, "inner")).FullName;
        var logs = new LogList();
        await using var engine = new LazyEngine(new() { DumpFile = Path.Combine(inner, "segments.txt") }, logs);
        var device = engine.AddBackend(new ReferenceBackend(), "reference", "test")[0];
        Directory.Delete(inner, recursive: true);
        for (var i = 0; i < 3; i++) Assert.Equal(2f, (Tensor.From([1f], [1], device) + 1).Item());
        Assert.Single(logs.Lines, l => l.Text.Contains("cannot be written to the dump file", StringComparison.Ordinal));
        Directory.CreateDirectory(inner);
        _ = (Tensor.From([1f], [1], device) + 1).Item();
        Assert.Single(Regex.Matches(File.ReadAllText(Path.Combine(inner, "segments.txt")), "BEGIN text"));
    }

    [Fact]
    public async Task ABackendThatCannotShowItsProgramHarmsNoStep()
    {
        await using var lazy = new TestEngine(new() { DumpFile = Dump, DumpFormat = DumpFormat.Backend }, new FaultyBackend { OnDump = () => new InvalidOperationException("blind") });
        Assert.Equal(2f, (lazy.Tensor(1) + 1).Item());
        Assert.Equal("", File.ReadAllText(Dump));
        Assert.Contains("blind", Assert.Throws<CompilationException>(() => lazy.Device.DumpLatestProgram()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

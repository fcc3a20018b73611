using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LazyHost.Hosting.Tests.Hosting;

public class OptionsTests
{
    private static LazyHostOptions Read(IConfiguration configuration, Action<LazyHostOptions>? change = null)
    {
        var services = new ServiceCollection().AddLazyHost(configuration);
        if (change is not null) services.Configure(change);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<LazyHostOptions>>().Value;
    }

    private static IConfigurationRoot Json(string text) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(text))).Build();

    [Fact]
    public void EverySettingIsRead()
    {
        var options = Read(Json("""
            { "LazyHost": {
                "DefaultDevice": "simd:1",
                "Plugins": { "Directory": "elsewhere", "Enabled": ["simd", "ref*"] },
                "Fallback": { "Policy": "forbid", "Chain": ["reference"], "Force": ["softmax", "prim.tanh"] },
                "ComputationCache": { "Entries": 7, "Bytes": "1.5GB", "Directory": "kept", "DirectoryBytes": "2MB" },
                "DataCache": { "EntriesPerDevice": 0 },
                "Execution": { "QueueDepth": 5, "Mode": "eager", "MaxCompiles": 12 },
                "Diagnostics": { "DumpFile": "segments.mmd", "DumpFormat": "mermaid", "Frames": true },
                "Backends": { "simd": { "Threads": 0 }, "anything": { "Else": [] } } } }
            """));
        Assert.Equal("simd:1", options.DefaultDevice);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "elsewhere"), options.Plugins.FullDirectory);
        Assert.Equal(["simd", "ref*"], options.Plugins.Enabled);
        Assert.Equal(FallbackPolicy.Forbid, options.Fallback.Policy);
        Assert.Equal(["reference"], options.Fallback.Chain);
        Assert.Equal(["softmax", "prim.tanh"], options.Fallback.Force);
        Assert.Equal((7, 3L << 29), (options.ComputationCache.Entries, options.ComputationCache.Bytes));
        Assert.Equal(("kept", 2L << 20), (options.ComputationCache.Directory, options.ComputationCache.DirectoryBytes));
        Assert.Equal(0, options.DataCache.EntriesPerDevice);
        Assert.Equal((5, ExecutionMode.Eager, 12), (options.Execution.QueueDepth, options.Execution.Mode, options.Execution.MaxCompiles));
        Assert.Equal(("segments.mmd", DumpFormat.Mermaid, true), (options.Diagnostics.DumpFile, options.Diagnostics.DumpFormat, options.Diagnostics.Frames));
    }

    [Fact]
    public void NothingHasToBeSet()
    {
        var options = Read(Json("{}"));
        Assert.Equal((null, 1024, 1L << 30, 128, 2), (options.DefaultDevice, options.ComputationCache.Entries, options.ComputationCache.Bytes, options.DataCache.EntriesPerDevice, options.Execution.QueueDepth));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "plugins"), options.Plugins.FullDirectory);
    }

    [Fact]
    public void EveryFaultIsReportedAtOnceWithItsPath()
    {
        var error = Assert.Throws<ConfigurationException>(() => Read(Settings.Of(
            ("DefaultDevice", "simd:x"), ("Plugins:Directory:0", "a"), ("Plugins:Enabled", "simd"), ("Fallback:Policy", "Maybe"), ("Fallback:Chain:0", " "), ("Fallback:Force:0", "sofmax"),
            ("ComputationCache:Entries", "0"), ("ComputationCache:Bytes", "lots"), ("ComputationCache:DirectoryBytes", "0"), ("DataCache:EntriesPerDevice", "-1"),
            ("Execution:QueueDepth", "1e3"), ("Execution:Mode", "Hasty"), ("Execution:SegmentNodeLimit", "10"), ("Diagnostics:DumpFormat", "Picture"), ("Diagnostics:Frames", "often"), ("DataCach", "1"), ("Execution:QueDepth", "4"), ("Colour", "blue"))));
        string[] expected =
        [
            "18 settings are wrong:",
            "LazyHost:DefaultDevice is 'simd:x', not a device name; write kind:ordinal, for example simd:0",
            "LazyHost:Plugins:Directory is a section or list, but should be one value",
            "LazyHost:Plugins:Enabled is 'simd'; write a list, [ \"simd\" ]",
            "LazyHost:Fallback:Policy is 'Maybe'; it may be Allow or Forbid",
            "LazyHost:Fallback:Chain has an entry without text",
            "LazyHost:Fallback:Force names 'sofmax', but there is no such operator; did you mean softmax?",
            "LazyHost:ComputationCache:Entries is 0, but must be at least 1",
            "LazyHost:ComputationCache:Bytes is 'lots', not a size such as 512MB or 1GB",
            "LazyHost:ComputationCache:DirectoryBytes is 0, but must be at least 1",
            "LazyHost:DataCache:EntriesPerDevice is -1, but must be at least 0",
            "LazyHost:Execution:QueueDepth is '1e3', not a whole number",
            "LazyHost:Execution:Mode is 'Hasty'; it may be Lazy or Eager",
            "LazyHost:Execution:SegmentNodeLimit is 10, but must be at least 100",
            "LazyHost:Diagnostics:DumpFormat is 'Picture'; it may be Text or Dot or Mermaid or Backend",
            "LazyHost:Diagnostics:Frames is 'often', not true or false",
            "LazyHost:DataCach is not known; did you mean DataCache?",
            "LazyHost:Execution:QueDepth is not known; did you mean QueueDepth?",
            "LazyHost:Colour is not known; known are DefaultDevice, Plugins,",
        ];
        foreach (var text in expected) Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "LazyHost": "hi" }""", "LazyHost is 'hi', but should be a section")]
    [InlineData("""{ "LazyHost": { "Execution": 3 } }""", "LazyHost:Execution is '3', but should be a section")]
    [InlineData("""{ "LazyHost": { "Backends": 3 } }""", "LazyHost:Backends is '3', but should be a section")]
    [InlineData("""{ "LazyHost": { "Backends": { "simd": 8 } } }""", "LazyHost:Backends:simd is '8', but should be a section")]
    [InlineData("""{ "LazyHost": { "Plugins": { "Enabled": [] } } }""", "LazyHost:Plugins:Enabled is empty: name what to load, or leave it out for every folder")]
    public void WhatIsNoSectionOrListsNothingIsAFault(string text, string message)
    {
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Read(Json(text))).Message, StringComparison.Ordinal);
        var root = Json(text);
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => Read(root.GetSection("LazyHost"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCodeSetsIsCheckedToo() =>
        Assert.Contains("LazyHost:Execution:QueueDepth is 65, but must be 1 to 64", Assert.Throws<ConfigurationException>(() => Read(Settings.Of(), o => o.Execution.QueueDepth = 65)).Message, StringComparison.Ordinal);

    [Fact]
    public void TheSectionAndTheRootMeanTheSame()
    {
        var root = Settings.Of(("Execution:QueueDepth", "9"));
        Assert.Equal(9, Read(root).Execution.QueueDepth);
        Assert.Equal(9, Read(root.GetSection("LazyHost")).Execution.QueueDepth);
    }

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("1KB", 1024)]
    [InlineData("512 mb", 512L << 20)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("0.5T", 1L << 39)]
    public void SizesAreReadAsPeopleWriteThem(string text, long bytes) => Assert.Equal(bytes, Read(Settings.Of(("ComputationCache:Bytes", text))).ComputationCache.Bytes);

    [Theory]
    [InlineData("GB")]
    [InlineData("1,5GB")]
    [InlineData("-1")]
    [InlineData("1XB")]
    [InlineData("99999999999T")]
    public void OtherSizesAreRefused(string text) => Assert.Throws<ConfigurationException>(() => Read(Settings.Of(("ComputationCache:Bytes", text))));

    [Fact]
    public void AMalformedFileIsNamedWithThePosition()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("appsettings.json", "{\n  \"LazyHost\": {\n    \"DefaultDevice\": oops\n} }"u8.ToArray());
        var error = Assert.Throws<ConfigurationException>(() => SettingsFile.Load(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("LineNumber: 2", error.Message, StringComparison.Ordinal);
    }
}

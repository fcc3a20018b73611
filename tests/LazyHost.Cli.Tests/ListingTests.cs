namespace LazyHost.Cli.Tests;

public class ListingTests
{
    [Fact]
    public async Task DevicesAreListedForPeopleAndAsJson()
    {
        var json = await Lazyhost.RunAsync("devices", "--json", "-v");
        Assert.Equal(0, json.ExitCode);
        var reference = json.Lines.Single(l => l.GetProperty("device").GetString() == "reference:0");
        Assert.Equal("LazyHost.Backends.Reference", reference.GetProperty("plugin").GetString());
        Assert.Contains("LazyHost.Backends.Reference", json.Error, StringComparison.Ordinal);
        Assert.Empty(reference.GetProperty("missing_operators").EnumerateArray());
        var verbose = await Lazyhost.RunAsync("devices", "-v");
        Assert.Contains("of LazyHost.Backends.Reference; itself runs all operators", verbose.Output, StringComparison.Ordinal);
        var text = await Lazyhost.RunAsync("devices");
        Assert.Contains("reference:0  ", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PluginsAreListedWithTheReasonsOfThoseRefused()
    {
        var directory = Directory.CreateTempSubdirectory("lazyhost-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(directory, "Empty.Plugin"));
            var target = Directory.CreateDirectory(Path.Combine(directory, "LazyHost.Backends.Reference")).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "plugins", "LazyHost.Backends.Reference"))) File.Copy(file, Path.Combine(target, Path.GetFileName(file)));

            var json = await Lazyhost.RunAsync("plugins", "--json", "--plugins", directory);
            Assert.Equal(0, json.ExitCode);
            Assert.Equal(2, json.Lines.Count);
            Assert.Equal("Refused", json.Lines[0].GetProperty("status").GetString());
            Assert.Equal("Discover", json.Lines[0].GetProperty("stage").GetString());
            Assert.Contains("Empty.Plugin.dll", json.Lines[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.Equal("Loaded", json.Lines[1].GetProperty("status").GetString());
            Assert.Equal("reference:0", Assert.Single(json.Lines[1].GetProperty("devices").EnumerateArray()).GetString());
            Assert.Empty(json.Lines[1].GetProperty("operators").GetProperty("no").EnumerateArray());

            var text = await Lazyhost.RunAsync("plugins", "--plugins", directory);
            Assert.Contains("Empty.Plugin: refused at stage Discover: there is no Empty.Plugin.dll", text.Output, StringComparison.Ordinal);
            Assert.Contains("LazyHost.Backends.Reference 0.1.0: loaded as reference; devices: reference:0", text.Output, StringComparison.Ordinal);
        }
        finally { Directory.Delete(directory, recursive: true); }
    }

    [Fact]
    public async Task AnEmptyDirectoryHasNoDevice()
    {
        var directory = Directory.CreateTempSubdirectory("lazyhost-").FullName;
        try
        {
            var devices = await Lazyhost.RunAsync("devices", "--plugins", directory, "--json");
            Assert.Equal((1, ""), (devices.ExitCode, devices.Output));
            Assert.Contains($"no device was found in {directory}", devices.Error, StringComparison.Ordinal);
            var plugins = await Lazyhost.RunAsync("plugins", "--plugins", directory, "--json");
            Assert.Equal((0, ""), (plugins.ExitCode, plugins.Output));
        }
        finally { Directory.Delete(directory); }
    }
}

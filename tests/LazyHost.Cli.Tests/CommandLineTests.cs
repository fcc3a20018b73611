namespace LazyHost.Cli.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("frobnicate")]
    [InlineData("devices --frobnicate")]
    [InlineData("devices --device x:y")]
    [InlineData("devices --threads 0")]
    [InlineData("devices --device reference:0")]
    [InlineData("plugins --device reference:0")]
    [InlineData("train")]
    [InlineData("train mnist --steps 0")]
    [InlineData("train mnist --seed minus")]
    [InlineData("train mnist --evaluate")]
    [InlineData("bench --filter no-such-workload")]
    public async Task WrongUseIsExitCode2WithAWordOnStandardError(string arguments)
    {
        var run = await Lazyhost.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("lazyhost: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public async Task HelpNamesTheCommandsAndSwitches()
    {
        var run = await Lazyhost.RunAsync("--help");
        Assert.Equal(0, run.ExitCode);
        foreach (var word in new[] { "devices", "plugins", "train", "bench", "--device", "--threads", "--json", "--plugins", "-v" }) Assert.Contains(word, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongSettingIsAFailureWithItsPath()
    {
        var run = await Lazyhost.RunAsync(new Dictionary<string, string> { ["LazyHost__Execution__QueueDepth"] = "none" }, "devices");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("LazyHost:Execution:QueueDepth is 'none', not a whole number", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMissingDeviceIsAFailureThatListsTheOthers()
    {
        var run = await Lazyhost.RunAsync("train", "mnist", "--device", "nosuch:0");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("LazyHost:DefaultDevice is nosuch:0, but there is no such device", run.Error, StringComparison.Ordinal);
        Assert.Contains("reference:0", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}

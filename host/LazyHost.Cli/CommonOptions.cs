using System.CommandLine;

namespace LazyHost.Cli;

/// <summary>The switches that every command, or several, take.</summary>
internal sealed class CommonOptions
{
    public CommonOptions()
    {
        Device.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !DeviceId.TryParse(token.Value, out _)) result.AddError($"--device {token.Value}: write kind:ordinal, for example simd:0");
        });
        Threads.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var threads) || threads is < 1 or > 1024)) result.AddError($"--threads {token.Value}: write a number from 1 to 1024");
        });
    }

    public Option<string?> Device { get; } = new("--device") { Description = "The device to use, such as simd:0 or reference:0.", HelpName = "KIND:ORDINAL", Recursive = true };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads of the simd backend; all cores by default.", HelpName = "N", Recursive = true };

    public Option<bool> Json { get; } = new("--json") { Description = "Write only JSON lines to standard output; everything else goes to standard error.", Recursive = true };

    public Option<string?> Plugins { get; } = new("--plugins") { Description = "The directory of plugins; the folder plugins beside the program by default.", HelpName = "DIR", Recursive = true };

    public Option<bool> Verbose { get; } = new("-v", "--verbose") { Description = "Write the log's information messages, too.", Recursive = true };

    /// <summary>For the commands that compute; not one of <see cref="All"/>.</summary>
    public Option<bool> Metrics { get; } = new("--metrics") { Description = "Write what was counted and timed to standard error at the end." };

    public IEnumerable<Option> All => [Device, Threads, Json, Plugins, Verbose];
}

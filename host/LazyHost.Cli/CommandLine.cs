using System.CommandLine;
using System.Globalization;
using LazyHost.Cli.Commands;

namespace LazyHost.Cli;

/// <summary>The commands, and what their failures mean: exit code 0 is success, 1 a failure, 2 wrong use.</summary>
internal static class CommandLine
{
    private const int Failed = 1, WrongUse = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        // Numbers are written the same everywhere.
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var common = new CommonOptions();
        var root = new RootCommand("Lazy tensors for .NET: trains, measures and inspects what its backend plugins offer.");
        foreach (var option in common.All) root.Options.Add(option);
        root.Subcommands.Add(DevicesCommand.Make(common));
        root.Subcommands.Add(PluginsCommand.Make(common));
        root.Subcommands.Add(new Command("train", "Trains a model that comes with the program.") { TrainMnistCommand.Make(common) });
        root.Subcommands.Add(BenchCommand.Make(common));

        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await FailAsync(error.Message, WrongUse);
            await Console.Error.WriteLineAsync("Use lazyhost --help, or lazyhost COMMAND --help.");
            return WrongUse;
        }
        try
        {
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
        }
        catch (WrongUseException e) { return await FailAsync(e.Message, WrongUse); }
        catch (OperationCanceledException) { return await FailAsync("cancelled", Failed); }
        catch (Exception e) when (e is LazyHostException or IOException or UnauthorizedAccessException) { return await FailAsync(e.Message, Failed); }
    }

    private static async Task<int> FailAsync(string message, int code)
    {
        await Console.Error.WriteLineAsync($"lazyhost: {message}");
        return code;
    }
}

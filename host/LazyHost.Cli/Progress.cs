using Spectre.Console;

namespace LazyHost.Cli;

/// <summary>Shows how far long work is: a bar on a terminal, else a line for each report.</summary>
internal static class Progress
{
    /// <summary>Runs work that reports how many of <paramref name="total"/> steps are done, with a word on each.</summary>
    public static async Task<T> RunAsync<T>(Output output, string name, int total, Func<Action<int, string>, Task<T>> work)
    {
        if (Console.IsErrorRedirected || Console.IsOutputRedirected) return await work((done, text) => output.Note($"{name} {done}/{total}: {text}"));
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(context =>
        {
            var task = context.AddTask(name, maxValue: total);
            return work((done, text) =>
            {
                task.Value = done;
                task.Description = $"{name}: {text}";
            });
        });
    }
}

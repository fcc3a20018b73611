using System.CommandLine;
using System.Diagnostics;
using LazyHost.Cli.Training;
using LazyHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Cli.Commands;

/// <summary><c>lazyhost train mnist</c>: trains a small network on the digits that come with the program, and measures it on those held out.</summary>
internal static class TrainMnistCommand
{
    private const int DefaultSteps = 625;
    private const int Reports = 25;

    public static Command Make(CommonOptions common)
    {
        var steps = new Option<int>("--steps") { Description = $"Steps of {MnistTrainer.BatchSize} digits.", HelpName = "N", DefaultValueFactory = _ => DefaultSteps };
        var seed = new Option<ulong>("--seed") { Description = "Decides the first parameters and the order of the digits.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var model = new Option<string?>("--model") { Description = "A safetensors file: written after training; with --evaluate, read.", HelpName = "FILE" };
        var evaluate = new Option<bool>("--evaluate") { Description = "Do not train: read the parameters from --model and measure them." };
        steps.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var n) || n < 1)) result.AddError($"--steps {token.Value}: write a number of at least 1");
        });
        var command = new Command("mnist", "Trains a small convolutional network on handwritten digits.") { steps, seed, model, evaluate, common.Metrics };
        model.Validators.Add(result =>
        {
            // Found out now, not after the training.
            if (result.Tokens is not [var token]) return;
            if (token.Value.Length == 0 || Directory.Exists(token.Value)) result.AddError($"--model '{token.Value}': write the name of a file");
            else if (Path.GetDirectoryName(Path.GetFullPath(token.Value)) is { } folder && !Directory.Exists(folder)) result.AddError($"--model {token.Value}: there is no folder {folder}");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(evaluate) && result.GetValue(model) is null) result.AddError("--evaluate needs --model FILE");
        });
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var host = await CliHost.StartAsync(arguments, common, cancellationToken);
            var output = new Output(arguments.GetValue(common.Json));
            var device = host.Services.GetRequiredService<IDeviceCatalog>().Default;
            var metrics = host.Services.GetRequiredService<LazyEngine>().Metrics;
            var watch = Stopwatch.StartNew();
            var trainer = new MnistTrainer(device, arguments.GetValue(seed));
            var (count, perStep, file) = (arguments.GetValue(steps), 0.0, arguments.GetValue(model));
            if (arguments.GetValue(evaluate))
            {
                count = 0;
                trainer.Load(file!);
            }
            else
            {
                var digits = MnistData.Read("train");
                perStep = await Progress.RunAsync(output, "training", count, report => trainer.TrainAsync(digits, count, Math.Max(1, count / Reports),
                    (step, loss, milliseconds) => report(step, $"loss {loss:F5}, {milliseconds:F1} ms a step"), cancellationToken));
            }
            // Those of training; measuring compiles a program of its own.
            var (compiles, hits) = (metrics.UncachedCompile.Total, metrics.CachedCompile.Total);
            var (accuracy, heldOutLoss) = await trainer.EvaluateAsync(MnistData.Read("heldout"), cancellationToken);
            if (count > 0 && file is not null) await trainer.SaveAsync(file, cancellationToken);
            var seconds = watch.Elapsed.TotalSeconds;
            output.Result(new Summary(device.ToString(), Math.Round(accuracy, 4), Math.Round(heldOutLoss, 4), count, Math.Round(seconds, 2), Math.Round(perStep, 3), compiles, hits),
                $"{accuracy:P2} of the held-out digits recognized (loss {heldOutLoss:F4}) after {count} steps on {device}: {seconds:F1} s, {perStep:F1} ms a step, programs compiled: {compiles}, found in the cache: {hits}");
            await CliHost.StopAsync(host, arguments, common, cancellationToken);
        });
        return command;
    }

    private sealed record Summary(string Device, double Accuracy, double Loss, int Steps, double Seconds, double MsPerStep, long Compiles, long CacheHits);
}

using System.CommandLine;
using LazyHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Cli.Commands;

/// <summary><c>lazyhost plugins</c>: every folder of the plugin directory, and what became of it.</summary>
internal static class PluginsCommand
{
    public static Command Make(CommonOptions common)
    {
        var command = new Command("plugins", "Lists what was found, what was refused and why, and what each plugin can do.");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (arguments.GetValue(common.Device) is { } device) throw new WrongUseException($"--device {device}: plugins lists all there are; leave it out");
            using var host = CliHost.Build(arguments, common);
            var plugins = host.Services.GetRequiredService<PluginHost>();
            await plugins.LoadAsync(cancellationToken);
            var output = new Output(arguments.GetValue(common.Json));
            foreach (var report in plugins.Reports)
            {
                var loaded = plugins.Plugins.FirstOrDefault(p => p.Report == report);
                var operators = loaded is null ? null : OperatorSupport.Of(loaded.Backends[0]);
                var devices = report.Backends.SelectMany(b => b.DeviceIds).Select(id => id.ToString()).ToArray();
                var kinds = report.Backends.Select(b => b.Kind).ToArray();
                output.Result(new PluginLine(report.Name, report.Status.ToString(), report.Id, report.Version, kinds, devices, [.. report.Backends.SelectMany(b => b.Notes)], operators, report.Stage?.ToString(), report.Reason, report.Folder),
                    $"{report.Name} {report.Version}".TrimEnd() + report.Status switch
                    {
                        PluginStatus.Loaded => $": loaded as {report.Id}; devices: {(devices.Length > 0 ? string.Join(", ", devices) : "none")}; operators in f32: {operators}",
                        PluginStatus.Refused => $": refused at stage {report.Stage}: {report.Reason}",
                        var status => $": {status.ToString().ToLowerInvariant()}",
                    });
            }
            if (plugins.Reports.Count == 0) output.Note($"There is no plugin in {plugins.Directory}.");
        });
        return command;
    }

    private sealed record PluginLine(
        string Name, string Status, string? Id, string? Version, IReadOnlyList<string> Kinds, IReadOnlyList<string> Devices, IReadOnlyList<string> Notes, OperatorSupport? Operators, string? Stage, string? Reason, string Folder);
}

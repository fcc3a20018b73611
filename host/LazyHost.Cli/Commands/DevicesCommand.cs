using System.CommandLine;
using LazyHost.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LazyHost.Cli.Commands;

/// <summary><c>lazyhost devices</c>: the devices of the plugins that could be loaded.</summary>
internal static class DevicesCommand
{
    public static Command Make(CommonOptions common)
    {
        var command = new Command("devices", "Lists the devices that were found.");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            if (arguments.GetValue(common.Device) is { } chosen) throw new WrongUseException($"--device {chosen}: devices lists all there are; leave it out");
            // Not started: a default device that is missing must not hide those that are there.
            using var host = CliHost.Build(arguments, common);
            var plugins = host.Services.GetRequiredService<PluginHost>();
            await plugins.LoadAsync(cancellationToken);
            var engine = host.Services.GetRequiredService<LazyEngine>();
            foreach (var plugin in plugins.Plugins) engine.AddBackend(plugin.Backend, plugin.Report.Name, plugin.Report.BuildIdentity!, plugin.Report.Kind!);
            var (json, verbose) = (arguments.GetValue(common.Json), arguments.GetValue(common.Verbose));
            var output = new Output(json);
            foreach (var plugin in plugins.Reports)
            {
                var missing = (json || verbose) && plugin.Devices.Count > 0 ? engine.GetDevice(new(plugin.Kind!, 0)).FindMissingOperators() : [];
                for (var ordinal = 0; ordinal < plugin.Devices.Count; ordinal++)
                {
                    var device = plugin.Devices[ordinal];
                    var id = new DeviceId(plugin.Kind!, ordinal).ToString();
                    var details = string.Concat(device.Details.Select(d => $", {d.Key}: {d.Value}"));
                    output.Result(new DeviceLine(id, plugin.Name, device.Name, device.MemoryBytes, device.Details,
                            [.. missing.Select(m => new MissingLine(m.Name, [.. m.Types.Select(type => type.Name())], m.Fallback?.ToString()))]),
                        $"{id}  {device.Name} ({(device.MemoryBytes > 0 ? $"{device.MemoryBytes / double.Exp2(30):F1} GB" : "memory unknown")}{details}), of {plugin.Name}"
                        + (verbose ? $"; itself runs {OperatorReport.Describe(missing)}" : ""));
                }
            }
            if (plugins.Reports.All(p => p.Devices.Count == 0)) throw new UnknownDeviceException($"no device was found in {plugins.Directory}; lazyhost plugins says why");
        });
        return command;
    }

    private sealed record DeviceLine(
        string Device, string Plugin, string Name, long MemoryBytes, IReadOnlyDictionary<string, string> Details, IReadOnlyList<MissingLine> MissingOperators);

    private sealed record MissingLine(string Operator, IReadOnlyList<string> Types, string? Fallback);
}

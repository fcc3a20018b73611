using System.CommandLine;
using LazyHost.Backends;
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
            foreach (var plugin in plugins.Plugins) plugin.AddTo(engine);
            var (json, verbose) = (arguments.GetValue(common.Json), arguments.GetValue(common.Verbose));
            var output = new Output(json);
            foreach (var plugin in plugins.Reports)
                foreach (var backend in plugin.Backends)
                {
                    var missing = (json || verbose) && backend.Devices.Count > 0 ? engine.GetDevice(new(backend.Kind, 0)).FindMissingOperators() : [];
                    foreach (var (id, device) in backend.DeviceIds.Zip(backend.Devices)) Write(output, plugin, id, device, missing, verbose);
                    foreach (var note in backend.Notes) output.Note($"{backend.Kind}: {note}");
                }
            if (plugins.Reports.All(p => p.Backends.All(b => b.Devices.Count == 0))) throw new UnknownDeviceException($"no device was found in {plugins.Directory}; lazyhost plugins says why");
        });
        return command;
    }

    private static void Write(Output output, PluginReport plugin, DeviceId id, DeviceDescription device, IReadOnlyList<MissingOperator> missing, bool verbose)
    {
        var details = string.Concat(device.Details.Select(d => $", {d.Key}: {d.Value}"));
        output.Result(new DeviceLine(id.ToString(), plugin.Name, device.Name, device.MemoryBytes, device.Details,
                [.. missing.Select(m => new MissingLine(m.Name, [.. m.Types.Select(type => type.Name())], m.Fallback?.ToString()))]),
            $"{id}  {device.Name} ({(device.MemoryBytes > 0 ? $"{device.MemoryBytes / double.Exp2(30):F1} GB" : "memory unknown")}{details}), of {plugin.Name}"
            + (verbose ? $"; itself runs {OperatorReport.Describe(missing)}" : ""));
    }

    private sealed record DeviceLine(
        string Device, string Plugin, string Name, long MemoryBytes, IReadOnlyDictionary<string, string> Details, IReadOnlyList<MissingLine> MissingOperators);

    private sealed record MissingLine(string Operator, IReadOnlyList<string> Types, string? Fallback);
}

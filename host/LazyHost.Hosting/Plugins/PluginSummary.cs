using System.Text;

namespace LazyHost.Hosting;

/// <summary>What became of the plugins, as a part of an error message.</summary>
internal static class PluginSummary
{
    public static string Describe(PluginHost plugins)
    {
        if (plugins.Reports.Count == 0) return $"No plugin was found in {plugins.Directory}; plugins are loaded when the host starts.";
        var text = new StringBuilder("Found in ").Append(plugins.Directory).Append(':');
        foreach (var report in plugins.Reports)
        {
            text.AppendLine().Append("  ").Append(report.Name).Append(": ");
            text.Append(report.Status switch
            {
                PluginStatus.Loaded => string.Join("; ", report.Backends.Select(Describe)),
                PluginStatus.Disabled => "disabled by Plugins:Enabled",
                PluginStatus.Unloaded => "unloaded",
                _ => $"refused at stage {report.Stage}: {report.Reason}",
            });
        }
        return text.ToString();
    }

    private static string Describe(BackendReport backend) => string.Join(". ", (string[])
        [backend.Devices.Count == 0 ? $"no device of kind {backend.Kind}" : string.Join(", ", backend.DeviceIds), .. backend.Notes]);
}

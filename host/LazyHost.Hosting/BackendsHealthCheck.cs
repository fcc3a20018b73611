using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LazyHost.Hosting;

/// <summary>
/// Asks every device for a small computation. Unhealthy when one fails; degraded when a plugin was refused; the data has an entry for each device and each
/// refused plugin.
/// </summary>
internal sealed class BackendsHealthCheck(IDeviceCatalog devices, PluginHost plugins) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = plugins.Reports.Where(r => r.Status == PluginStatus.Refused).ToDictionary(r => r.Name, object (r) => $"refused at stage {r.Stage}: {r.Reason}");
        var refused = data.Count;
        var failed = new List<string>();
        foreach (var device in devices.All)
        {
            var error = await ProbeAsync(device, cancellationToken).ConfigureAwait(false);
            data[device.Id.ToString()] = error ?? "ok";
            if (error is not null) failed.Add($"{device.Id}: {error}");
        }
        return failed.Count > 0 ? new(context.Registration.FailureStatus, string.Join("; ", failed), data: data)
            : devices.All.Count == 0 ? new(context.Registration.FailureStatus, "there is no device", data: data)
            : refused > 0 ? HealthCheckResult.Degraded("a plugin was refused", data: data)
            : HealthCheckResult.Healthy(devices.All.Count == 1 ? "1 device computes" : $"{devices.All.Count} devices compute", data);
    }

    private static async Task<string?> ProbeAsync(Device device, CancellationToken cancellationToken)
    {
        try
        {
            using var flow = device.Fork();
            var sum = Tensor.From([1f, 2f], [2], device) + 1f;
            var values = await sum.ToArrayAsync<float>(cancellationToken).ConfigureAwait(false);
            return values is [2f, 3f] ? null : $"1 + 1 and 2 + 1 gave {string.Join(" and ", values)}";
        }
        catch (LazyHostException e) { return e.Message; }
    }
}

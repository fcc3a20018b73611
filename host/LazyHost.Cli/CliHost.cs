using System.CommandLine;
using LazyHost.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LazyHost.Cli;

/// <summary>The Generic Host of a command: settings from <c>appsettings.json</c> beside the program, the environment, then switches. Logs go to standard error.</summary>
internal static class CliHost
{
    /// <summary>Builds the host without starting it.</summary>
    public static IHost Build(ParseResult arguments, CommonOptions common)
    {
        var switches = new Dictionary<string, string?>();
        if (arguments.GetValue(common.Device) is { } device) switches["LazyHost:DefaultDevice"] = device;
        if (arguments.GetValue(common.Threads) is { } threads) switches["LazyHost:Backends:simd:Threads"] = threads.ToString();
        if (arguments.GetValue(common.Plugins) is { } plugins) switches["LazyHost:Plugins:Directory"] = Path.GetFullPath(plugins);

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddConfiguration(SettingsFile.Load(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))).AddInMemoryCollection(switches);
        builder.Logging.SetMinimumLevel(arguments.GetValue(common.Verbose) ? LogLevel.Information : LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        // The program says itself why it did not start, in one message without a stack trace.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Services.AddLazyHost(builder.Configuration);
        return builder.Build();
    }

    /// <summary>Builds and starts the host.</summary>
    public static async Task<IHost> StartAsync(ParseResult arguments, CommonOptions common, CancellationToken cancellationToken)
    {
        var host = Build(arguments, common);
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Stops the host, and where that was asked for, writes what its engine has counted.</summary>
    public static async Task StopAsync(IHost host, ParseResult arguments, CommonOptions common, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(common.Metrics)) await Console.Error.WriteAsync(host.Services.GetRequiredService<LazyEngine>().Metrics.Report());
        await host.StopAsync(cancellationToken);
    }
}

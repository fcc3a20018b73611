using Microsoft.Extensions.Configuration;

namespace LazyHost.Hosting.Tests.Hosting;

internal static class Settings
{
    /// <summary>A configuration of settings such as <c>DefaultDevice</c>, all under <c>LazyHost</c>.</summary>
    public static IConfigurationRoot Of(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create("LazyHost:" + s.Name, s.Value))).Build();
}

using Microsoft.Extensions.Configuration;

namespace LazyHost.Hosting;

/// <summary>The section with one part for each plugin, <c>LazyHost:Backends</c>.</summary>
internal sealed record BackendSettings(IConfigurationSection Section);

using System.Reflection;
using LazyHost.Backends;
using LazyHost.Operators;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace LazyHost.Hosting;

/// <summary>The assemblies of which the host and every plugin use one copy.</summary>
internal static class SharedAssemblies
{
    /// <summary>A type of each: the loader shares the whole assembly.</summary>
    public static Type[] Types { get; } =
    [
        typeof(IBackend), typeof(Primitives), typeof(IConfiguration), typeof(IServiceCollection), typeof(ILogger), typeof(IOptions<>), typeof(IChangeToken),
    ];

    /// <summary>Those of LazyHost itself: no plugin folder may bring a copy.</summary>
    public static Assembly[] Contract { get; } = [typeof(IBackend).Assembly, typeof(Primitives).Assembly];

    /// <summary>The host's version of each, by name.</summary>
    public static IReadOnlyDictionary<string, Version> Versions { get; } =
        Types.Select(t => t.Assembly.GetName()).ToDictionary(n => n.Name!, n => n.Version!, StringComparer.OrdinalIgnoreCase);
}

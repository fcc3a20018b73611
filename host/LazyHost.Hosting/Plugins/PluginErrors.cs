using System.Reflection;

namespace LazyHost.Hosting;

/// <summary>Turns what a plugin threw into text. Its exception objects hold its types and stack frames, and would keep it loaded.</summary>
internal static class PluginErrors
{
    public static string Describe(Exception error) => error switch
    {
        TargetInvocationException { InnerException: { } inner } => Describe(inner),
        ReflectionTypeLoadException types => string.Join("; ", types.LoaderExceptions.OfType<Exception>().Select(Describe).Distinct()),
        LazyHostException known when known.GetType().Assembly == typeof(LazyHostException).Assembly => known.Message,
        { InnerException: { } inner } => $"{error.GetType().FullName}: {error.Message} <- {Describe(inner)}",
        _ => $"{error.GetType().FullName}: {error.Message}",
    };
}

using System.Globalization;
using System.IO.Hashing;
using System.Reflection;
using System.Runtime.Loader;
using LazyHost.Backends;

namespace LazyHost.Hosting;

/// <summary>A plugin folder whose metadata says that it may be loaded.</summary>
/// <param name="Folder">The folder's full path.</param>
/// <param name="MainAssembly">The path of <c>Name/Name.dll</c>.</param>
/// <param name="Metadata">The main assembly's metadata.</param>
/// <param name="BuildIdentity">A hash over all code the plugin will run: its own assemblies, the contract's, the runtime.</param>
internal sealed record PluginInspection(string Folder, string MainAssembly, PluginMetadata Metadata, string BuildIdentity)
{
    /// <summary>The folder's name.</summary>
    public string Name => Path.GetFileName(Folder);

    /// <summary>A folder's name after its last dot.</summary>
    public static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>Stage Discover and Inspect.</summary>
    /// <exception cref="PluginLoadException">The folder holds no plugin for this host.</exception>
    public static PluginInspection Inspect(string folder)
    {
        var main = Path.Combine(folder, Path.GetFileName(folder) + ".dll");
        if (!File.Exists(main)) throw new PluginLoadException(PluginStage.Discover, folder, $"there is no {Path.GetFileName(main)} in the folder; a plugin's main assembly is named like its folder");
        PluginLoadException Refuse(string reason) => new(PluginStage.Inspect, folder, reason);

        foreach (var shared in SharedAssemblies.Contract.Select(a => a.GetName().Name + ".dll"))
            if (File.Exists(Path.Combine(folder, shared))) throw Refuse($"{shared} must not be in a plugin's folder, because the host shares its own: reference it with Private=\"false\" ExcludeAssets=\"runtime\" and delete the file");

        var assemblies = new Dictionary<string, PluginMetadata>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll").Order(StringComparer.Ordinal))
            if (Read(file, Refuse, isMain: file == main) is { } metadata) assemblies[Path.GetFileNameWithoutExtension(file)] = metadata;
        if (!assemblies.TryGetValue(Path.GetFileName(folder), out var plugin)) throw Refuse($"{Path.GetFileName(main)} is a native library, not a .NET assembly");

        CheckContract(plugin, Refuse);
        CheckReferences(plugin, assemblies, Refuse);
        return new(folder, main, plugin, Identity(assemblies.Values));
    }

    private static PluginMetadata? Read(string file, Func<string, PluginLoadException> refuse, bool isMain)
    {
        try
        {
            if (isMain && new FileInfo(file).Length == 0) throw refuse($"{Path.GetFileName(file)} is empty");
            return PluginMetadata.TryRead(file);
        }
        catch (BadImageFormatException e) { return isMain ? throw refuse($"{Path.GetFileName(file)} is not a readable .NET assembly: {e.Message}") : null; }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw refuse($"{Path.GetFileName(file)} cannot be read: {e.Message}"); }
    }

    private static void CheckContract(PluginMetadata plugin, Func<string, PluginLoadException> refuse)
    {
        var host = LazyHostContractAttribute.Current;
        if (plugin.Contract is not { } built) throw refuse($"{plugin.Name} carries no [assembly: LazyHostContract]: it was not built against LazyHost's contract");
        if (built.Major != host.Major) throw refuse($"built for contract {built}, this host has {host}: {(built > host ? "update the host" : "rebuild the plugin")}");
        if (built > host) throw refuse($"needs contract {built}, this host has {host}: update the host");
    }

    /// <summary>Follows references from the main assembly: each must be shared, in the folder, or the runtime's.</summary>
    private static void CheckReferences(PluginMetadata plugin, Dictionary<string, PluginMetadata> assemblies, Func<string, PluginLoadException> refuse)
    {
        var missing = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<PluginMetadata>([plugin]);
        while (open.TryPop(out var assembly))
            foreach (var reference in assembly.References)
            {
                var name = reference.Name!;
                if (SharedAssemblies.Versions.TryGetValue(name, out var host))
                {
                    if (reference.Version > host) throw refuse($"{assembly.Name} needs {name} {reference.Version}, which the host shares as {host}: update the host, or build against {host}");
                }
                else if (!seen.Add(name)) continue;
                else if (assemblies.TryGetValue(name, out var dependency)) open.Push(dependency);
                else if (!IsHosts(reference)) missing.Add($"{name} {reference.Version} (needed by {assembly.Name})");
            }
        if (missing.Count > 0) throw refuse($"missing dependencies: {string.Join(", ", missing)}; publish the plugin, or build it with EnableDynamicLoading, so that they lie in its folder");
    }

    /// <summary>True where the host's own load context resolves the reference, as it will for a plugin that does not bring the assembly.</summary>
    private static bool IsHosts(AssemblyName reference)
    {
        try { return AssemblyLoadContext.Default.LoadFromAssemblyName(reference) is not null; }
        catch (Exception e) when (e is IOException or BadImageFormatException) { return false; }
    }

    private static string Identity(IEnumerable<PluginMetadata> assemblies)
    {
        var hash = new XxHash128();
        var modules = assemblies.Select(a => a.ModuleVersionId).Concat(SharedAssemblies.Contract.Select(a => a.ManifestModule.ModuleVersionId));
        foreach (var module in modules.Order()) hash.Append(module.ToByteArray());
        hash.Append(System.Text.Encoding.UTF8.GetBytes(Environment.Version.ToString()));
        return hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);
    }
}

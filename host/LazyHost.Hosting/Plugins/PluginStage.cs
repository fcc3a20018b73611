namespace LazyHost.Hosting;

/// <summary>The stages a plugin passes before it can be used, in their order.</summary>
public enum PluginStage
{
    /// <summary>Finding <c>Name/Name.dll</c>.</summary>
    Discover,
    /// <summary>Reading its metadata without loading it: is it an assembly, built for this contract, with everything it needs?</summary>
    Inspect,
    /// <summary>Loading it into a load context of its own and finding its <see cref="Backends.IBackendPlugin"/>.</summary>
    Load,
    /// <summary>Making the <see cref="Backends.IBackendPlugin"/> and letting it register its services.</summary>
    Configure,
    /// <summary>Making its backend and asking for its devices.</summary>
    Probe,
}

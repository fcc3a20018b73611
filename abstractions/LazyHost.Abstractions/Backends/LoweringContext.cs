using LazyHost.IR;
using Microsoft.Extensions.Logging;

namespace LazyHost.Backends;

/// <summary>What a backend is given to compile, and where it reports what it did.</summary>
public sealed class LoweringContext(string name, DeviceId device, Graph graph, CompilationOptions options, ILogger logger)
{
    /// <summary>A name for logs and dumps.</summary>
    public string Name { get; } = name;

    /// <summary>The device to compile for.</summary>
    public DeviceId Device { get; } = device;

    /// <summary>The graph: primitives, and operators the backend said it takes whole. Parameters and scalars are its inputs, roots its outputs.</summary>
    public Graph Graph { get; } = graph;

    /// <summary>Options that change the program; part of the key.</summary>
    public CompilationOptions Options { get; } = options;

    /// <summary>The plugin's own log category.</summary>
    public ILogger Logger { get; } = logger;
}

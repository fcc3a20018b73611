using System.Diagnostics;
using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>Compiles a graph for a device: asks what the backend takes whole, decomposes the rest, and lets the backend compile.</summary>
internal sealed class SegmentCompiler(LazyEngine engine, ILogger logger)
{
    private int compiled;

    /// <summary>The options every program is compiled with.</summary>
    public CompilationOptions Options { get; } = engine.Options.Compilation;

    /// <exception cref="UnsupportedOperatorException">The backend cannot run an operator of the graph.</exception>
    /// <exception cref="CompilationException">The backend failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Computation Compile(Device device, Graph graph, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var activity = Instrumentation.Source.StartActivity("compile");
        var start = Stopwatch.GetTimestamp();
        var host = device.Host;
        var name = $"segment{Interlocked.Increment(ref compiled)}";
        try
        {
            var lowered = GraphDecomposer.Decompose(graph, host.Backend.Query);
            var context = new LoweringContext(name, device.Id, lowered, Options, logger);
            var task = host.Backend.CompileAsync(context, cancellationToken);
            var executable = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
            var computation = new Computation(host, executable);
            host.Register(computation);
            var elapsed = Stopwatch.GetElapsedTime(start);
            engine.Metrics.CompileTime.Record(elapsed.TotalMilliseconds);
            engine.Metrics.TensorsGraphSize.Record(graph.Nodes.Length);
            Log.Compiled(logger, name, device.Id, graph.Nodes.Length, computation.KernelCount, elapsed.TotalMilliseconds);
            return computation;
        }
        catch (UnsupportedOperatorException e) when (e.Operator is not null)
        {
            throw new UnsupportedOperatorException($"the backend '{device.PluginId}' of {device.Id} cannot run it, and fallback is forbidden").At(e.Operator, e.CallSite);
        }
        catch (Exception e)
        {
            throw BackendHost.Translate(e, message => new CompilationException($"the backend '{device.PluginId}' failed to compile {name} ({graph.Nodes.Length} nodes) for {device.Id}: {message}"));
        }
    }
}

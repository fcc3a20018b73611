using System.Collections.Concurrent;
using System.Diagnostics;
using LazyHost.Backends;
using LazyHost.IR;
using LazyHost.Operators;
using Microsoft.Extensions.Logging;

namespace LazyHost;

/// <summary>Compiles a graph for a device: asks what the backend takes whole, decomposes the rest, and lets the backend compile.</summary>
internal sealed class SegmentCompiler(LazyEngine engine, ILogger logger)
{
    private readonly ConcurrentDictionary<(DeviceId Device, string Operator), bool> reported = [];
    private int compiled;

    /// <summary>The options every program is compiled with.</summary>
    public CompilationOptions Options { get; } = engine.Options.Compilation;

    /// <summary>Compiles for a device, or where its backend cannot run an operator, for the first of the fallback chain that can.</summary>
    /// <exception cref="UnsupportedOperatorException">No backend that may can run an operator of the graph.</exception>
    /// <exception cref="CompilationException">The backend failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Computation Compile(Device device, Graph graph, CancellationToken cancellationToken)
    {
        try { return CompileFor(device, graph, cancellationToken); }
        catch (UnsupportedOperatorException e)
        {
            foreach (var kind in engine.Options.FallbackChain)
            {
                var fallback = engine.Devices.FirstOrDefault(d => d.Id.Kind == kind && d != device);
                if (fallback is null) continue;
                try
                {
                    var computation = CompileFor(fallback, graph, cancellationToken);
                    engine.Metrics.Fallback.Add(1, device);
                    engine.Metrics.FellBack(e.Operator ?? "unknown");
                    if (reported.TryAdd((device.Id, e.Operator ?? ""), true)) Log.Fallback(logger, device.Id, e.Operator ?? "an operator", fallback.Id);
                    return computation;
                }
                catch (UnsupportedOperatorException)
                {
                    // The next of the chain may; if none does, the error is that of the segment's own device.
                }
            }
            var why = engine.Options.FallbackChain.Count == 0 ? "fallback is forbidden" : $"nor can the fallback chain ({string.Join(", ", engine.Options.FallbackChain)})";
            throw new UnsupportedOperatorException($"the backend '{device.PluginId}' of {device.Id} cannot run it, and {why}: {e.Reason}").At(e.Operator, e.CallSite);
        }
    }

    private Computation CompileFor(Device device, Graph graph, CancellationToken cancellationToken)
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
            var end = Stopwatch.GetTimestamp();
            engine.Metrics.CompileTime.RecordTime(start, end, device);
            engine.Metrics.TensorsGraphSize.Record(graph.Nodes.Length, end, device);
            Log.Compiled(logger, name, device.Id, graph.Nodes.Length, computation.KernelCount, Stopwatch.GetElapsedTime(start, end).TotalMilliseconds);
            return computation;
        }
        catch (UnsupportedOperatorException e) when (e.Operator is not null)
        {
            throw new UnsupportedOperatorException(e.Reason).At(e.Operator, e.CallSite);
        }
        catch (Exception e)
        {
            throw BackendHost.Translate(e, message => new CompilationException($"the backend '{device.PluginId}' failed to compile {name} ({graph.Nodes.Length} nodes) for {device.Id}: {message}"));
        }
    }
}

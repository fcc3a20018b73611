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

    /// <summary>Compiles a graph for a device. Where its backend cannot run every operator, those it cannot go to devices of the fallback chain, in parts.</summary>
    /// <exception cref="CompileLimitException">The refusal: some of it cannot be put together from code that is there.</exception>
    /// <exception cref="UnsupportedOperatorException">No backend that may can run an operator of the graph.</exception>
    /// <exception cref="CompilationException">The backend failed.</exception>
    /// <exception cref="DeviceGoneException">A backend was removed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Computation Compile(Device device, Graph graph, CompileRequest request)
    {
        var start = Stopwatch.GetTimestamp();
        var computation = CompileProgram(device, graph, request);
        engine.Metrics.CompileTime.RecordTime(start, Stopwatch.GetTimestamp(), device);
        return computation;
    }

    private Computation CompileProgram(Device device, Graph graph, CompileRequest request)
    {
        request.CancellationToken.ThrowIfCancellationRequested();
        return Guard(device, graph, () => Lower(device, graph)) is { } lowered ? CompilePart(device, graph, lowered, request)
            : CompileParts(device, graph.WithoutDeadNodes(), request);
    }

    /// <summary>The graph as its own backend takes it, or null where it cannot run an operator.</summary>
    private static Graph? Lower(Device device, Graph graph)
    {
        using var traced = Instrumentation.Start("lower", device);
        traced.Activity?.SetTag("nodes", graph.Nodes.Length);
        try
        {
            var lowered = GraphDecomposer.Decompose(graph, device.Fallback.Query);
            traced.Activity?.SetTag("lowered", lowered.Nodes.Length);
            return lowered;
        }
        catch (UnsupportedOperatorException) { return null; }
    }

    private Computation CompileParts(Device device, Graph graph, CompileRequest request)
    {
        var parts = GraphPartitioner.Partition(graph, Guard(device, graph, () => FindDevices(device.Fallback, graph)));
        var compiled = new List<Computation>();
        try
        {
            foreach (var part in parts)
                compiled.Add(LoopProgram.NodeOf(part.Graph) is { } loop ? CompileLoop(part.Device, part.Graph, loop, request)
                    : CompilePart(part.Device, part.Graph, Guard(part.Device, part.Graph, () => GraphDecomposer.Decompose(part.Graph, part.Device.Host.Backend.Query)), request));
            var program = new PartitionedProgram(device, graph, parts.Zip(compiled));
            if (program.Parts.Any(part => part.Device != device)) engine.Metrics.Fallback.Add(1, device);
            foreach (var part in program.Parts.Where(part => part.Device != device))
                foreach (var (name, _) in part.Operators)
                    if (reported.TryAdd((device.Id, name), true)) Log.Fallback(logger, device.Id, name, part.Device.Id);
            return new(device.Host, program);
        }
        catch
        {
            foreach (var computation in compiled) computation.Drop();
            throw;
        }
    }

    private Computation CompileLoop(Device device, Graph part, Node node, CompileRequest request)
    {
        var form = (LoopForm)node.Form;
        var body = CompileProgram(device, form.Body, request);
        try
        {
            var condition = form.Condition is { } test ? CompileProgram(device, test, request) : null;
            return new(device.Host, new LoopProgram(part, node, body, condition));
        }
        catch
        {
            body.Drop();
            throw;
        }
    }

    private static Device[] FindDevices(FallbackRoute route, Graph graph)
    {
        var devices = new Device[graph.Nodes.Length];
        Array.Fill(devices, route.Device);
        foreach (var node in graph.Nodes)
        {
            if (node.Form == InputForms.Parameter || node.Form == InputForms.Scalar || node.Form is LoopForm) continue;
            var operands = new TensorType[node.Operands.Length];
            for (var i = 0; i < operands.Length; i++) operands[i] = graph.TypeOf(node.Operands[i]);
            try { devices[node.Index] = route.Find(node.Form, node.Attributes, operands, node.Types); }
            catch (UnsupportedOperatorException e) { throw e.At(node.Form.Name, node.CallSite); }
        }
        return devices;
    }

    private Computation CompilePart(Device device, Graph graph, Graph lowered, CompileRequest request)
    {
        using var traced = Instrumentation.Start("compile", device);
        var start = Stopwatch.GetTimestamp();
        var name = $"segment{Interlocked.Increment(ref compiled)}";
        var computation = Guard(device, graph, () =>
        {
            var context = new LoweringContext(name, device.Id, lowered, request.Options, logger);
            var executable = request.Refusal is not null ? Assemble(device, context, request.CancellationToken)
                : engine.ProgramDirectory?.LoadOrCompile(device, context, Compile) ?? Compile();
            return executable is null ? null : new Computation(device.Host, executable);

            IExecutable Compile() => SegmentCompiler.Compile(device, context, request.CancellationToken);
        }) ?? throw request.Refusal!;
        traced.Activity?.SetTag("program", name).SetTag("nodes", graph.Nodes.Length).SetTag("kernels", computation.KernelCount).SetTag("reason", request.Why?.Reason.ToString()).SetTag("why", request.Why?.ToString());
        Log.Compiled(logger, name, device.Id, graph.Nodes.Length, computation.KernelCount, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return computation;
    }

    /// <summary>The program where no code has to be made for it, or null. One that some was made for all the same is thrown away.</summary>
    private static IExecutable? Assemble(Device device, LoweringContext context, CancellationToken cancellationToken)
    {
        var task = device.Host.Backend.AssembleAsync(context, cancellationToken);
        var executable = task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
        if (executable is null or { NewKernelCount: 0 }) return executable;
        executable.Dispose();
        return null;
    }

    private static IExecutable Compile(Device device, LoweringContext context, CancellationToken cancellationToken)
    {
        var task = device.Host.Backend.CompileAsync(context, cancellationToken);
        return task.IsCompletedSuccessfully ? task.Result : task.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Runs the backend's code while it cannot go away, and makes its errors the host's.</summary>
    private static T Guard<T>(Device device, Graph graph, Func<T> code)
    {
        device.Host.Enter();
        try { return code(); }
        catch (Exception e)
        {
            throw BackendHost.Translate(e, message => new CompilationException($"the backend '{device.PluginId}' failed to compile {graph.Nodes.Length} nodes for {device.Id}: {message}"));
        }
        finally
        {
            device.Host.Leave();
        }
    }
}

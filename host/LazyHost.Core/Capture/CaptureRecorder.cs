using LazyHost.IR;

namespace LazyHost;

/// <summary>Captures a function for one signature: records it on placeholders in a flow of its own, compiles that, and puts back every tensor it assigned to.</summary>
internal sealed class CaptureRecorder(CompiledFunction function, CaptureSignature signature)
{
    private readonly Device device = signature.Device;
    private readonly Capture capture = new();

    /// <exception cref="CaptureException">The function does what cannot be captured.</exception>
    /// <exception cref="LazyHostException">It throws, or cannot be compiled. Every tensor is as it was.</exception>
    public CapturedProgram Record(CancellationToken cancellationToken)
    {
        // One at a time: two that each assign to a tensor the other uses would wait for one another.
        using var one = device.Engine.Capturing.EnterScope();
        cancellationToken.ThrowIfCancellationRequested();
        return capture.Record(device, null, function.Site, (tape, segment) =>
        {
            try { return Record(tape, segment, cancellationToken); }
            finally { Restore(segment); }
        });
    }

    private CapturedProgram Record(Tape tape, Segment segment, CancellationToken cancellationToken)
    {
        var recording = segment.Recording!;
        recording.AnySize = signature.AnySize;
        var arguments = new Tensor[signature.Types.Length];
        var places = new Value[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            places[i] = capture.Argument(recording, device, signature.Types[i]);
            arguments[i] = signature.Same[i] < i ? arguments[signature.Same[i]] : new(signature.Types[i], segment, places[i]);
        }
        var scalars = Enumerable.Range(0, signature.Numbers).Select(Scalar.Argument).ToArray();
        var results = function.Body(arguments, scalars);
        if (results is null || Array.Exists(results, static r => r is null)) throw new CaptureException($"captured function '{function.Name}' returned null; it must return tensors");
        RequireOneSegment(tape, segment);
        var outputs = new OutputList(segment);
        foreach (var result in results)
        {
            if (result.Device != device) throw new CaptureException($"captured function '{function.Name}' runs on {device.Id} but returned a tensor on {result.Device.Id}");
            outputs.Add(result, null);
        }
        foreach (var update in recording.Variables.ToArray())
            if (update.Variable.IsPendingIn(segment)) outputs.Add(update.Variable, new(update.Variable));
        for (var i = 0; i < arguments.Length; i++)
            if (signature.Same[i] == i && arguments[i].PendingValue != places[i]) outputs.Add(arguments[i], new(null, i));
        AddGradients(outputs, segment);
        if (outputs.Roots.Count == 0) throw new CaptureException($"captured function '{function.Name}' has no result and assigns to nothing");
        recording.Roots.Clear();
        recording.Roots.AddRange(outputs.Roots);
        var cached = device.Engine.Executor.Program(segment, cancellationToken);
        var frozen = FrozenNumber.Of(recording, capture);
        if (frozen.Length > 0) Log.Captured(device.Engine.Logger, function.Name, device.Id, string.Join(", ", frozen.Take(8)) + (frozen.Length > 8 ? $" and {frozen.Length - 8} more, which Explain() lists" : ""));
        return new(function, signature, capture, cached, recording, results.Length, [.. outputs.Targets], frozen);
    }

    private void RequireOneSegment(Tape tape, Segment segment)
    {
        if (tape.Open != segment) throw new CaptureException($"captured function '{function.Name}' was cut in two while it was captured: another thread used a tensor it assigns to");
        if (tape.Closures is not null) throw new CaptureException($"captured function '{function.Name}' adds a step closure, which would run only once; add it outside");
        foreach (var other in device.Engine.Devices)
            if (other != device && tape.Flow.Current(other)?.Open is not null)
            {
                LazyGraphExecutor.Discard(tape.Flow.On(other));
                throw new CaptureException($"captured function '{function.Name}' computes on {device.Id} and on {other.Id}; capture one function for each device");
            }
    }

    /// <summary>Gradients that it leaves in parameters, and those it forgets.</summary>
    private void AddGradients(OutputList outputs, Segment segment)
    {
        var forgotten = new List<Parameter>();
        foreach (var (parameter, _) in capture.Gradients)
        {
            if (parameter.Grad?.IsPendingIn(segment) == true)
            {
                var adds = !capture.Cleared.Contains(parameter);
                if (adds && capture.HasOptimizer)
                    throw new CaptureException($"captured function '{function.Name}' uses gradients and leaves them in parameters, so that every run would add to those of the run before; call ZeroGrad() inside");
                outputs.Add(parameter.Grad, new(null, -1, parameter, adds));
            }
            else if (parameter.Grad is null && capture.Cleared.Contains(parameter)) forgotten.Add(parameter);
        }
        if (forgotten.Count > 0) capture.EachRun.Add(_ => forgotten.ForEach(static p => p.Grad = null));
    }

    /// <summary>Takes back the gradients it has left in parameters.</summary>
    private void Restore(Segment segment)
    {
        foreach (var (parameter, grad) in capture.Gradients)
            if (parameter.Grad?.IsPendingIn(segment) == true) parameter.Grad = grad;
    }

    /// <summary>The roots of the program: every output has one of its own, and none is an input itself.</summary>
    private sealed class OutputList(Segment segment)
    {
        public List<Value> Roots { get; } = [];

        public List<OutputTarget> Targets { get; } = [];

        /// <summary>Adds a result, or where a target is given what is written there.</summary>
        public void Add(Tensor tensor, OutputTarget? target)
        {
            var own = tensor;
            if (own is TensorView { IsStale: true } || !own.IsPendingIn(segment) || !IsRoot(own.PendingValue)) own = tensor.Clone(null, 0);
            Roots.Add(own.PendingValue);
            if (target is { } place) Targets.Add(place);
        }

        private bool IsRoot(Value value)
        {
            var form = segment.Recording!.Nodes[value.Node].Form;
            return form != InputForms.Parameter && form != InputForms.Scalar && !Roots.Contains(value);
        }
    }
}

using LazyHost.IR;

namespace LazyHost;

/// <summary>What is learned of a function while it is captured: which tensors it reaches, which numbers change from run to run, what is done on every run.</summary>
internal sealed class Capture
{
    private readonly Dictionary<Tensor, int> nodes = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<TensorView> made = new(ReferenceEqualityComparer.Instance);
    private ulong draws;

    /// <summary>True for the body of a loop, which is recorded without gradients and cannot draw.</summary>
    public bool IsLoop { get; init; }

    /// <summary>True for a function that is put into what its callers record: gradients flow through it, and it may change nothing.</summary>
    public bool IsPure { get; init; }

    /// <summary>By input slot: a tensor the function reaches by itself, or null for an argument.</summary>
    public List<Tensor?> Inputs { get; } = [];

    /// <summary>The numbers to look up on every run, with their slots and element types.</summary>
    public List<(int Slot, DType Type, LiveNumber Number)> Numbers { get; } = [];

    /// <summary>The parameters it reaches, with the gradients they had before.</summary>
    public List<(Parameter Parameter, Tensor? Grad)> Gradients { get; } = [];

    /// <summary>The parameters whose gradients it forgets.</summary>
    public HashSet<Parameter> Cleared { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>True where it uses gradients to change parameters.</summary>
    public bool HasOptimizer { get; set; }

    /// <summary>What is done on every run, before numbers are looked up.</summary>
    public List<Action<UndoLog>> EachRun { get; } = [];

    /// <summary>Views from outside that were recorded anew, and are stale when the capture is over.</summary>
    public List<TensorView> Views { get; } = [];

    /// <summary>The random operations that draw with the seed of the step.</summary>
    public ulong Draws => draws;

    /// <summary>Records with it in a flow of its own, which is thrown away after.</summary>
    public T Record<T>(Device device, string? name, CallSite site, Func<Tape, Segment, T> body)
    {
        using var fork = device.Engine.Fork();
        var flow = device.Engine.BeginFlow();
        (flow.InRegion, flow.Mode, flow.Capture) = (true, ExecutionMode.Lazy, this);
        var tape = flow.On(device);
        var segment = tape.Current;
        // Others that need a tensor it assigns to wait, and then find what that was before.
        lock (segment)
        {
            try
            {
                segment.Recording!.Capture = this;
                return body(tape, segment);
            }
            catch (LazyHostException e)
            {
                e.At(name, site);
                throw;
            }
            finally
            {
                LazyGraphExecutor.Discard(tape);
                foreach (var view in Views) view.MakeStale();
            }
        }
    }

    /// <summary>The input node of an argument.</summary>
    public Value Argument(Recording recording, Device device, TensorType type)
    {
        Inputs.Add(null);
        return new(recording.CapturedInput(device, type, null));
    }

    /// <summary>The input node of a tensor that the function reaches by itself: taken by reference, whatever value it has when the function runs.</summary>
    /// <exception cref="GradientException">Gradients would have to flow to what it was computed from.</exception>
    public Value Reached(Recording recording, Tensor tensor)
    {
        if (nodes.TryGetValue(tensor, out var known)) return new(known);
        if (IsPure) return Used(recording, tensor);
        if (tensor.RequiresGrad && tensor is not Parameter && GradMode.IsEnabled)
            throw new GradientException($"a captured function uses {tensor}, which requires a gradient but is no parameter: gradients do not leave captured functions. Compute it inside, Detach() it, or capture in GradMode.NoGrad()");
        var node = recording.CapturedInput(tensor.Device, tensor.Type, tensor.RequiresGrad && GradMode.IsEnabled ? tensor as Parameter : null);
        if (tensor is Parameter parameter) Gradients.Add((parameter, parameter.Grad));
        Inputs.Add(tensor);
        nodes.Add(tensor, node);
        return new(node);
    }

    /// <summary>Refuses what changes something outside a function that may change nothing.</summary>
    /// <exception cref="CaptureException">It may not.</exception>
    public void RequireMayChange(string what, string? file, int line)
    {
        if (IsPure) throw new CaptureException($"a function that is assumed to be pure {what}, which would happen only once; do that outside, or capture it with Lazy.Compile").At(null, SourceFrames.Site(file, line));
    }

    /// <summary>A view was made in it.</summary>
    public void Made(TensorView view)
    {
        if (IsPure) made.Add(view);
    }

    /// <summary>True for a view from outside that is an input as it is: each caller makes it fresh. Else it is made again in the function, so that it follows what it shows.</summary>
    public bool Takes(TensorView view) => IsPure && !made.Contains(view);

    /// <summary>What was recorded since is taken off.</summary>
    public void Undo(RecordingMark mark)
    {
        for (var i = Inputs.Count - 1; i >= mark.Inputs; i--)
        {
            if (Inputs[i] is not { } tensor) continue;
            nodes.Remove(tensor);
            Gradients.RemoveAll(g => g.Parameter == tensor);
        }
        Inputs.RemoveRange(mark.Inputs, Inputs.Count - mark.Inputs);
        Numbers.RemoveAll(n => n.Slot >= mark.Scalars);
    }

    private Value Used(Recording recording, Tensor tensor)
    {
        var node = recording.CapturedInput(tensor.Device, tensor.Type, null);
        if (tensor.Flows) recording.Nodes[node].Flags |= NodeFlags.RequiresGrad;
        Inputs.Add(tensor);
        nodes.Add(tensor, node);
        return new(node);
    }

    /// <summary>The place of seed and ordinal for one random operation, which draws on every run.</summary>
    /// <exception cref="CaptureException">In the body of a loop.</exception>
    public (Operand Seed, Operand Ordinal) Draw(Generator? generator) =>
        IsLoop ? throw new CaptureException("a random operation in the body of a loop would draw the same numbers in every turn; draw before the loop, one set for each turn, and select by the turn")
        : (Operand.Typed(DType.UInt64, 0, new RandomDraw(generator, generator is null ? draws++ : 0)), Operand.Typed(DType.UInt64, 0));
}

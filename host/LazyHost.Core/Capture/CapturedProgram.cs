using System.Globalization;
using System.Text;

namespace LazyHost;

/// <summary>A captured function for one signature: the program, where its inputs and numbers come from, and where its outputs go.</summary>
internal sealed class CapturedProgram
{
    private readonly FrozenNumber[] frozen;
    private readonly CachedComputation cached;
    private readonly ReplayFrame?[] spare = new ReplayFrame?[8];
    private readonly (int Slot, DType Type, LiveNumber Number)[] numbers;
    private readonly Action<UndoLog>[] eachRun;
    private readonly bool changesHost;
    private readonly ulong draws;

    public CapturedProgram(CompiledFunction function, CaptureSignature signature, Capture capture, CachedComputation cached, Recording recording, int results, OutputTarget[] targets, FrozenNumber[] frozen)
    {
        (Function, Signature, this.cached, ResultCount, Targets, this.frozen) = (function, signature, cached, results, targets, frozen);
        Inputs = [.. capture.Inputs];
        ArgumentOf = new int[Inputs.Length];
        for (int i = 0, next = 0; i < Inputs.Length; i++) ArgumentOf[i] = Inputs[i] is null ? next++ : -1;
        OutputTypes = [.. recording.Roots.Select(recording.TypeOf)];
        Scalars = [.. recording.Scalars];
        changesHost = capture.EachRun.Count > 0 || capture.Numbers.Exists(n => n.Number is RandomDraw { Generator: not null });
        LossReason = $"a run of captured function '{function.Name}' that was writing it failed";
        (numbers, eachRun, draws) = ([.. capture.Numbers], [.. capture.EachRun], capture.Draws);
    }

    /// <summary>Its program may go when nobody can run it any more.</summary>
    ~CapturedProgram()
    {
        foreach (var frame in spare) frame?.Workspace?.Release();
        Computation.Drop();
    }

    public CompiledFunction Function { get; }

    public CaptureSignature Signature { get; }

    public Device Device => Signature.Device;

    public Computation Computation => cached.Computation;

    /// <summary>By input slot: the tensor the function reaches by itself, or null for an argument.</summary>
    public Tensor?[] Inputs { get; }

    /// <summary>By input slot: the argument.</summary>
    public int[] ArgumentOf { get; }

    /// <summary>The types of results, then of what is written to targets.</summary>
    public TensorType[] OutputTypes { get; }

    public int ResultCount { get; }

    /// <summary>Where the outputs behind the results go.</summary>
    public OutputTarget[] Targets { get; }

    /// <summary>The numbers, those that are frozen set.</summary>
    public long[] Scalars { get; }

    /// <summary>What is said of a value that a failed run had begun to write over.</summary>
    public string LossReason { get; }

    /// <summary>True where a run only computes results: it changes no other tensor.</summary>
    public bool IsPure => Targets.Length == 0;

    public ReplayFrame Rent()
    {
        for (var i = 0; i < spare.Length; i++)
            if (spare[i] is not null && Interlocked.Exchange(ref spare[i], null) is { } frame) return frame;
        return new(this);
    }

    public void Return(ReplayFrame frame)
    {
        Array.Clear(frame.Results);
        for (var i = 0; i < spare.Length; i++)
            if (spare[i] is null && Interlocked.CompareExchange(ref spare[i], frame, null) is null) return;
        frame.Workspace?.Release();
    }

    /// <summary>Does what is done on every run, and gives numbers their values. It calls functions of the user's, which may read tensors: to be called while no device
    /// is held. Where one throws, nothing has changed on the host but the draws of the device.</summary>
    public void WriteNumbers(long[] scalars, ReadOnlySpan<double> arguments)
    {
        var changes = changesHost ? new UndoLog() : null;
        try
        {
            foreach (var action in eachRun) action(changes!);
            if (numbers.Length > 0)
            {
                var values = new ReplayNumbers(arguments, Draw(), changes);
                foreach (var (slot, type, number) in numbers) number.Write(scalars, slot, type, values);
            }
        }
        catch
        {
            changes?.Undo();
            throw;
        }
        if (changes is not null) Device.Engine.FlowTape(Device).CurrentStep.Add(changes);
    }

    private (ulong Seed, ulong Ordinal) Draw()
    {
        if (draws == 0) return default;
        if (Device.Engine.CurrentTape(Device)?.Scope is { } scope) scope.Draws += draws;
        return Device.Context.NextRandom(draws);
    }

    /// <exception cref="CaptureException">There are more or fewer than results, one is a view, or one is given twice.</exception>
    /// <exception cref="ShapeMismatchException">One has another type than its result.</exception>
    public void RequireOutputs(ReadOnlySpan<Tensor> outputs)
    {
        if (outputs.Length != ResultCount) throw new CaptureException($"captured function '{Function.Name}' has {ResultCount} results but was given {outputs.Length} outputs");
        for (var i = 0; i < outputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(outputs[i], nameof(outputs));
            if (outputs[i] is TensorView) throw new CaptureException($"output {i} of captured function '{Function.Name}' is a view; give the tensor it is a view of, or assign the result to the view");
            if (outputs[i].Device != Device) throw new CaptureException($"output {i} of captured function '{Function.Name}' is on {outputs[i].Device.Id}; it must be on {Device.Id}");
            if (outputs[i].DType != OutputTypes[i].DType || !outputs[i].Shape.Equals(OutputTypes[i].Shape))
                throw new ShapeMismatchException($"output {i} of captured function '{Function.Name}' is {outputs[i].Type}, but its result is {OutputTypes[i]}");
            for (var j = 0; j < i; j++)
                if (ReferenceEquals(outputs[i], outputs[j])) throw new CaptureException($"outputs {j} and {i} of captured function '{Function.Name}' are one tensor");
        }
    }

    public string Explain()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"({string.Join(", ", Signature.Types)}{(Signature.Numbers == 0 ? "" : $", {Signature.Numbers} numbers")}) -> ({string.Join(", ", OutputTypes.Take(ResultCount))}) on {Device.Id}\n");
        List("reached by reference", Inputs.Where(t => t is not null && !Array.Exists(Targets, target => target.Variable == t)).Select(t => t!.Type.ToString()));
        List("assigned to", Targets.Where(t => t.Gradient is null).Select(t => t.Variable?.Type.ToString() ?? $"argument {t.Argument}"));
        List("gradients left in parameters", Targets.Where(t => t.Gradient is not null).Select(t => t.Gradient!.Type.ToString()));
        List("numbers frozen when it was captured", frozen.Select(f => f.ToString()));
        List("numbers looked up on every run", numbers.Where(n => n.Number is Scalar).Select(n => $"{n.Type.Name()} in slot {n.Slot}"));
        List("random operations, which draw on every run", numbers.Where(n => n.Number is RandomDraw).Select(n => $"in slot {n.Slot}"));
        var inputs = Signature.Types.Concat(Inputs.OfType<Tensor>().Select(t => t.Type)).Sum(t => t.ByteSize);
        var outputs = OutputTypes.Sum(t => t.ByteSize);
        text.Append(CultureInfo.InvariantCulture, $"  program: {Computation.KernelCount} kernels; at its peak {inputs + outputs + Computation.WorkspaceBytes:N0} bytes: inputs {inputs:N0}, outputs {outputs:N0}, workspace {Computation.WorkspaceBytes:N0}\n");
        return text.ToString();

        void List(string what, IEnumerable<string> items)
        {
            if (string.Join(", ", items) is { Length: > 0 } joined) text.Append(CultureInfo.InvariantCulture, $"  {what}: {joined}\n");
        }
    }
}

using LazyHost.IR;

namespace LazyHost;

/// <summary>
/// A recorded pure function. Each call copies its nodes, in the order and with the flags they were recorded with, into the open segment of the caller: as if the
/// function had been called, but without its code and without working out types again.
/// </summary>
internal sealed class PureTemplate
{
    private readonly PureFunction function;
    private readonly PureSignature signature;
    private readonly TapeNode[] nodes;
    private readonly Value[] operands;
    private readonly string?[]? scopes;
    private readonly Dictionary<Value, TensorType> extraOutputs;
    private readonly Operand[] numbers;
    private readonly Tensor[] inputs;
    private readonly bool[] inputFlows;
    private readonly int[] argumentOf;
    private readonly PureResult[] made;
    private readonly int[] results;

    public PureTemplate(PureFunction function, PureSignature signature, Capture capture, Recording recording, Tensor[] standIns, PureResult[] made, int[] results)
    {
        (this.function, this.signature, this.made, this.results) = (function, signature, made, results);
        nodes = recording.Nodes[..recording.Count];
        operands = recording.Operands[..recording.OperandCount];
        extraOutputs = new(recording.ExtraOutputs);
        inputs = [.. capture.Inputs.OfType<Tensor>()];
        argumentOf = Array.ConvertAll(inputs, input => Array.IndexOf(standIns, input));
        inputFlows = Array.ConvertAll(inputs, static input => input.Flows);
        numbers = new Operand[recording.Scalars.Count];
        var paths = new string?[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            ref var node = ref nodes[i];
            node.Handle = null;
            paths[i] = recording.SiteOf(i)?.Scope;
            if (node.Form == InputForms.Scalar) numbers[node.Slot] = Operand.Typed(node.DType, recording.Scalars[node.Slot]);
        }
        foreach (var (slot, type, number) in capture.Numbers) numbers[slot] = Operand.Typed(type, 0, number);
        if (Array.Exists(paths, static path => path is not null)) scopes = paths;
    }

    /// <summary>True for arguments of the types it was recorded for, and while gradients flow where they did then.</summary>
    public bool Fits(Tensor[] arguments)
    {
        if (!signature.Fits(arguments)) return false;
        for (var i = 0; i < inputs.Length; i++)
            if (argumentOf[i] < 0 && inputs[i].Flows != inputFlows[i]) return false;
        return true;
    }

    /// <summary>Puts it into what the calling flow records.</summary>
    /// <exception cref="ExpiredValueException">An argument, or a tensor it reaches, has no value any more; nothing was recorded.</exception>
    public Tensor[] Replay(Tensor[] arguments)
    {
        RequirePresent(arguments);
        var device = arguments[0].Device;
        var tape = device.Engine.FlowTape(device);
        var map = new Value[nodes.Length];
        Segment? into = null;
        var at = 0;
        Tensor[] given;
        while (true)
        {
            int waiting;
            lock (tape)
            {
                // Where another flow has closed the segment meanwhile, that is as if the call had been made twice: what is there stays unused.
                if (tape.Current != into) (into, at) = (tape.Current, 0);
                (at, waiting) = Copy(tape, map, at, arguments);
                if (at == nodes.Length)
                {
                    given = Results(tape, map, arguments);
                    break;
                }
            }
            var user = FirstUser(waiting);
            Tensor.Prepare(tape, user.Form, [Input(nodes[waiting].Slot, arguments)], user.File, user.Line);
        }
        tape.Recorded();
        return given;
    }

    private Tensor Input(int slot, Tensor[] arguments) => argumentOf[slot] >= 0 ? arguments[argumentOf[slot]] : inputs[slot];

    /// <summary>Copies nodes from a place on.</summary>
    /// <returns>How far it came: the end, or behind the last operation before the one that takes an input that must be prepared first; and that input's node.</returns>
    private (int At, int Waiting) Copy(Tape tape, Value[] map, int at, Tensor[] arguments)
    {
        var segment = tape.Current;
        var recording = segment.Recording!;
        var (scope, inner) = (tape.Flow.Scope, (string?)null);
        Span<Value> few = stackalloc Value[8];
        (Operand Seed, Operand Ordinal) draw = default;
        var (begun, mark) = (at, recording.Mark());
        for (; at < nodes.Length; at++)
        {
            ref readonly var node = ref nodes[at];
            if (node.Form == InputForms.Parameter)
            {
                if (!Input(node.Slot, arguments).TryUse(segment, out map[at]))
                {
                    recording.Undo(mark);
                    return (begun, at);
                }
                if ((node.Flags & NodeFlags.Consumed) != 0) recording.Consume(map[at]);
                continue;
            }
            if (node.Form == InputForms.Scalar)
            {
                // The seed and ordinal of a random operation are two numbers side by side.
                var number = numbers[node.Slot];
                if (node.Slot > 0 && numbers[node.Slot - 1].Live is RandomDraw) number = draw.Ordinal;
                else if (number.Live is RandomDraw random) number = (draw = tape.Draw(random.Generator)).Seed;
                else if (number.Live is Scalar live) number = ((Operand)live).As(node.DType);
                map[at] = new(recording.AddNumber(number, node.DType));
                continue;
            }
            var to = node.OperandCount <= few.Length ? few[..node.OperandCount] : new Value[node.OperandCount];
            for (var i = 0; i < to.Length; i++)
            {
                var from = operands[node.Operands + i];
                to[i] = from.Output == 0 ? map[from.Node] : map[from.Node] with { Output = from.Output };
            }
            if (scopes?[at] != inner)
            {
                inner = scopes![at];
                scope = inner is null ? tape.Flow.Scope : IrScope.Of(tape.Flow.Scope?.Path is { } outer ? $"{outer}/{inner}" : inner);
            }
            if (recording.Scope != scope) recording.Enter(scope);
            ref var copy = ref recording.Add(node.Form, to, node.Attributes, node.Type);
            (copy.Flags, copy.File, copy.Line) = (node.Flags, node.File, node.Line);
            map[at] = new(recording.Count - 1);
            for (var i = 1; i < node.Form.OutputCount; i++) recording.ExtraOutputs[map[at] with { Output = i }] = extraOutputs[new(at, i)];
            (begun, mark) = (at + 1, recording.Mark());
        }
        return (at, -1);
    }

    private Tensor[] Results(Tape tape, Value[] map, Tensor[] arguments)
    {
        var segment = tape.Current;
        var tensors = new Tensor[made.Length];
        for (var i = 0; i < made.Length; i++)
        {
            var result = made[i];
            if (result.Argument >= 0) tensors[i] = arguments[result.Argument];
            else if (result.Outside is { } outside) tensors[i] = outside;
            else
            {
                var value = map[result.Value.Node] with { Output = result.Value.Output };
                ref var node = ref segment.Recording!.Nodes[value.Node];
                tensors[i] = result.View is null ? Tensor.Handle(tape, value) : View(result, tensors[result.Parent], segment, value, (node.Flags & NodeFlags.RequiresGrad) != 0);
                // As after its use by what follows.
                var isAsked = (node.Flags & NodeFlags.Asked) != 0;
                if (value.Output == 0) node.Handle = isAsked || (node.Flags & NodeFlags.Consumed) == 0 ? tensors[i] : null;
                if (isAsked) tape.Scope?.Keep(tensors[i]);
            }
        }
        return Array.ConvertAll(results, place => tensors[place]);
    }

    private static TensorView View(PureResult result, Tensor parent, Segment segment, Value value, bool requiresGrad)
    {
        var view = result.View!.Of(parent, segment, value);
        view.RequiresGrad = requiresGrad;
        if (result.IsStale) view.MakeStale();
        return view;
    }

    private void RequirePresent(Tensor[] arguments)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = Input(i, arguments);
            if (input is TensorView) continue; // made again from what it shows
            try { input.Where().Data?.RequirePresent(); }
            catch (ExpiredValueException e)
            {
                var user = FirstUser(Array.FindIndex(nodes, node => node.Form == InputForms.Parameter && node.Slot == i));
                e.At(user.Form.Name, user.File is null ? function.Site : new(user.File, user.Line));
                throw;
            }
        }
    }

    private TapeNode FirstUser(int input) =>
        nodes[Array.FindIndex(nodes, input, node => operands.AsSpan(node.Operands, node.OperandCount).Contains(new(input)))];
}

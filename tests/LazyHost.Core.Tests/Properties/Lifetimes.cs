namespace LazyHost.Tests.Properties;

/// <summary>
/// Says which values of a program may have expired, from what docs/how-a-step-runs.md promises: a value that was no root stays computable until a variable it was
/// computed from has been overwritten twice, once where a step scope did, or the step scope that computed it has ended. Follows which values are recorded in which
/// segment, and which are its roots; leaves out what only makes values live longer (learned roots).
/// </summary>
internal sealed class Lifetimes(ExecutionMode mode)
{
    private readonly Dictionary<int, LiveTensor> tensors = [];
    private readonly Dictionary<int, (LiveTensor? Grad, LiveTensor Velocity)> training = [];
    private readonly List<LiveFlow> all = [];
    private readonly Stack<LiveFlow> flows = new();
    private bool inRegion;

    public void Begin() => Fork();

    /// <summary>A compiled region begins or ends.</summary>
    public void Region(bool begins)
    {
        Close(Flow);
        inRegion = begins;
    }

    /// <summary>The tensors a line is about whose values may be no more.</summary>
    public List<LiveTensor> Suspects(Instruction line)
    {
        var about = line.On.Select(id => tensors[id]).ToList();
        if (line.Op is Op.InPlace or Op.Assign or Op.Fill or Op.FillIntegers or Op.Keep) about.Add(Target(line).Base);
        if (line.Op is Op.ReadGrad or Op.Descend && training[line.On[0]].Grad is { } grad) about.Add(grad);
        if (line.Op is Op.Drop or Op.ZeroGrad) about.Clear();
        if (line.Op == Op.Backward)
        {
            about.AddRange(training.Values.Select(t => t.Grad).OfType<LiveTensor>());
            if (tensors[line.On[0]].Value.History.Any(v => v.MayBeGone)) return [tensors[line.On[0]]];
        }
        return [.. about.Distinct().Where(t => t.MayBeGone)];
    }

    /// <summary>What a line has done before it found that a value is gone.</summary>
    public void FailedAt(Instruction line, LiveTensor suspect)
    {
        foreach (var tensor in line.On.Select(id => tensors[id]).TakeWhile(t => t != suspect)) Use(tensor);
    }

    public void Apply(Instruction line)
    {
        var on = Array.ConvertAll(line.On, id => tensors[id]);
        switch (line.Op)
        {
            case Op.From: tensors[line.Result] = new(LiveValue.Given()); break;
            case Op.Parameter:
                tensors[line.Result] = new(LiveValue.Given()) { IsParameter = true };
                training[line.Result] = (null, new(LiveValue.Given()));
                break;
            case Op.Integers or Op.Bernoulli or Op.Uniform or Op.Elementwise or Op.Sum or Op.Max or Op.MatMul or Op.Concat or Op.Flip:
                tensors[line.Result] = Compute(on);
                break;
            case Op.View: tensors[line.Result] = View(on[0]); break;
            case Op.InPlace: Assign(Target(line), Compute(on)); break;
            case Op.Assign: Assign(on[0], line.With[0] != 0 ? View(on[1]) : on[1]); break;
            case Op.Fill or Op.FillIntegers: Assign(on[0], Compute()); break;
            case Op.Read or Op.ReadBytes: Resolve(on[0]); break;
            case Op.ReadTogether or Op.Sync: Sync(on); break;
            case Op.Keep: Keep(on[0]); break;
            case Op.Backward: Backward(on[0]); break;
            case Op.ReadGrad: Resolve(training[line.On[0]].Grad!); break;
            case Op.Descend: Descend(line.On[0]); break;
            case Op.ZeroGrad: training[line.On[0]] = (null, training[line.On[0]].Velocity); break;
            default: Boundary(line.Op); break;
        }
    }

    private LiveFlow Flow => flows.Peek();

    private LiveTensor Target(Instruction line) => tensors[line.On[line.Op == Op.InPlace ? Elementwise.All[line.Name].Written : 0]];

    private void Fork()
    {
        flows.Push(new());
        all.Add(Flow);
    }

    private void Boundary(Op op)
    {
        switch (op)
        {
            case Op.MarkStep: Close(Flow); break;
            case Op.SyncLive:
                foreach (var flow in all) Close(flow);
                break;
            case Op.Fork: Fork(); break;
            case Op.EndFork: flows.Pop(); break;
            case Op.BeginScope:
                Close(Flow);
                Flow.Scope = new();
                break;
            case Op.Complete:
                Close(Flow);
                Flow.Scope!.Complete();
                Flow.Scope = null;
                break;
            case Op.Discard:
                foreach (var value in Flow.Open) value.In = null;
                Flow.Open.Clear();
                Flow.Scope!.Discard();
                Flow.Scope = null;
                break;
        }
    }

    /// <summary>Records an operation of the user's.</summary>
    private LiveTensor Compute(params LiveTensor[] on)
    {
        var result = new LiveTensor(Record(on, isUsers: true));
        RunIfEager();
        return result;
    }

    private void RunIfEager()
    {
        if (mode == ExecutionMode.Eager && !inRegion) Close(Flow);
    }

    private LiveValue Record(LiveTensor[] on, bool isUsers, bool isInput = false)
    {
        var used = Array.ConvertAll(on, Use);
        var value = new LiveValue { In = Flow, Scope = Flow.Scope, IsUsers = isUsers, IsInput = isInput };
        foreach (var operand in used) value.Follows(operand, isUsers);
        Flow.Open.Add(value);
        Flow.Scope?.Made.Add(value);
        return value;
    }

    private LiveTensor View(LiveTensor of)
    {
        var view = new LiveTensor(ViewNode(of)) { Parent = of };
        view.Seen = view.Base.Writes;
        return view;
    }

    private LiveValue ViewNode(LiveTensor of)
    {
        var shown = Use(of);
        var value = new LiveValue { In = Flow, Scope = Flow.Scope, Shows = shown.In == Flow ? shown : null };
        value.Follows(shown, consumes: false);
        Flow.Open.Add(value);
        return value;
    }

    private void Freshen(LiveTensor tensor)
    {
        if (tensor.Parent is null || !tensor.IsStale) return;
        Freshen(tensor.Parent);
        tensor.Value = ViewNode(tensor.Parent);
        tensor.Seen = tensor.Base.Writes;
    }

    /// <summary>The value as an operand of the current flow: pending in its segment, or computed.</summary>
    private LiveValue Use(LiveTensor tensor)
    {
        Freshen(tensor);
        return tensor.Value.In == Flow ? tensor.Value : Resolve(tensor);
    }

    private LiveValue Resolve(LiveTensor tensor)
    {
        Freshen(tensor);
        var value = tensor.Value;
        if (value.In is { } flow)
        {
            value.AskedBy.Add(tensor);
            Close(flow);
        }
        if (!value.IsComputed) value.IsComputed = value.IsForGood = true;
        return value;
    }

    private void Sync(LiveTensor[] on)
    {
        foreach (var tensor in on)
        {
            Freshen(tensor);
            if (tensor.Value.In is not null) tensor.Value.AskedBy.Add(tensor);
            else Resolve(tensor);
        }
        foreach (var tensor in on) Resolve(tensor);
    }

    private void Keep(LiveTensor tensor)
    {
        Freshen(tensor);
        if (tensor.Base != tensor) Keep(tensor.Base);
        if (tensor.Value.In is not null) tensor.Value.AskedBy.Add(tensor);
        else Resolve(tensor);
        Flow.Scope?.Kept.Add(tensor);
    }

    private void Assign(LiveTensor target, LiveTensor value)
    {
        for (var at = target; at.Parent is not null; at = at.Parent) value = new(Record([at.Parent, value], isUsers: true));
        Write(target.Base, value);
        RunIfEager();
    }

    private void Write(LiveTensor target, LiveTensor source)
    {
        if (target.Value.In != Flow) Resolve(target);
        var value = Use(source);
        // A value computed before, and a parameter, get a node of their own.
        if (value.In is null) value = Record([source], isUsers: false, isInput: true);
        if (target.IsParameter) value = Record([new(value)], isUsers: true);
        else if (target.Value.In == Flow && value.IsInput) value = Record([new(value)], isUsers: false);
        var old = target.Value;
        if (old.In == Flow)
        {
            if (old.Handle == target && old != value) old.IsConsumed = true;
            (value.Handle, value.IsUsers) = (target, true);
        }
        else
        {
            value.IsConsumed = true;
            Flow.Written.Add((target, old));
            Flow.Scope?.Before.TryAdd(target, old);
        }
        target.Value = value;
        target.Writes++;
    }

    private void Backward(LiveTensor tensor)
    {
        var loss = Compute(tensor);
        foreach (var id in training.Keys.ToArray())
        {
            if (!loss.Value.History.Overlaps(tensors[id].Versions)) continue;
            LiveTensor[] from = training[id].Grad is { } before ? [loss, before] : [loss];
            var grad = Record(from, isUsers: false);
            foreach (var value in loss.Value.History) grad.Inputs.Add(value);
            training[id] = (new(grad), training[id].Velocity);
        }
        RunIfEager();
    }

    private void Descend(int id)
    {
        var (grad, velocity) = training[id];
        var parameter = tensors[id];
        Assign(velocity, Compute(Compute(velocity), grad!));
        Assign(parameter, Compute(parameter, Compute(velocity)));
    }

    /// <summary>Ends a flow's segment: its roots are computed, of the rest it is known what they are computed from.</summary>
    private static void Close(LiveFlow flow)
    {
        foreach (var value in Enumerable.Reverse(flow.Open))
        {
            if (value.Shows is { } shown && (value.AskedBy.Count > 0 || value.IsConsumed || value.IsUsers)) shown.IsConsumed = true;
            value.IsComputed = value.AskedBy.Count > 0 || (value.IsUsers && !value.IsConsumed);
        }
        foreach (var (tensor, old) in flow.Written)
        {
            if (tensor.Value.In != flow) continue;
            tensor.Value.IsComputed = true;
            // A variable's value that was asked for through another tensor too is given back to neither.
            tensor.Value.IsForGood |= tensor.Value.AskedBy.Any(by => by.Value == tensor.Value && flow.Written.All(w => w.Tensor != by));
            tensor.Past.Add(old);
            if (flow.Scope is null)
                foreach (var past in tensor.Past) past.Strikes++;
            else flow.Scope.Written.Add(tensor);
        }
        foreach (var value in flow.Open) value.In = null;
        flow.Open.Clear();
        flow.Written.Clear();
    }
}

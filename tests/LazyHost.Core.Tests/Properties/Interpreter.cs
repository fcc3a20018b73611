namespace LazyHost.Tests.Properties;

/// <summary>
/// Runs a program at once, one instruction after the other, on plain arrays: what it must compute. Knows nothing of tapes, segments, devices or caches.
/// </summary>
internal sealed class Interpreter
{
    private readonly Dictionary<int, PlainTensor> tensors = [];
    private readonly Dictionary<PlainStorage, int> parameters = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<Frame> flows = new([new()]);
    private readonly (ulong Seed, ulong Draws, HashSet<ulong> Undone)[] generators = [(1, 0, []), (2, 0, [])];
    private ulong seed = 101, ordinal;

    public IReadOnlyDictionary<int, PlainTensor> Tensors => tensors;

    public bool InScope => flows.Peek().Scope is not null;

    public bool InFork => flows.Count > 1;

    /// <summary>Works out what an instruction does, and changes nothing until the result is called, which gives what it reads.</summary>
    /// <exception cref="RejectedException">It makes no sense here.</exception>
    public Func<double[]?> Prepare(Instruction line)
    {
        RejectedException.Unless(line.On.All(tensors.ContainsKey), "a tensor that is not there");
        var on = Array.ConvertAll(line.On, id => tensors[id]);
        switch (line.Op)
        {
            case Op.From or Op.Parameter: return Make(line, Plain.Of(line.Shape!, line.With.Select(n => (double)n)));
            case Op.Integers or Op.Bernoulli or Op.Uniform: return Make(line, () => Draw(line, Places.Count(line.Shape!)));
            case Op.Elementwise:
            case Op.Sum or Op.Max or Op.MatMul or Op.Concat or Op.Flip: return Make(line, Compute(line, on));
            case Op.View:
                var view = on[0].View(line.Name, line.With);
                return () => Nothing(() => tensors.Add(line.Result, view));
            case Op.InPlace:
                var form = Elementwise.All[line.Name];
                var target = on[form.Written];
                var result = Compute(line, on);
                RejectedException.Unless(form.InPlace is not null && result.Shape.SequenceEqual(target.Shape), "not in place");
                return Write(line, target, result);
            case Op.Assign:
                RejectedException.Unless(on[0].IsBool == on[1].IsBool && Places.Broadcast(on[0].Shape, on[1].Shape).SequenceEqual(on[0].Shape), "does not fit");
                return Write(line, on[0], on[1].Value.BroadcastTo(on[0].Shape));
            case Op.Fill: return Write(line, on[0], Plain.Of(on[0].Shape, on[0].Map.Select(_ => (double)line.With[0])));
            case Op.FillIntegers:
                RejectedException.Unless(!on[0].IsReadOnly, "shows elements several times");
                Writable(on[0]);
                return () => Nothing(() => Write(line, on[0], Draw(line with { Shape = on[0].Shape }, on[0].Map.Length))());
            case Op.Read or Op.ReadBytes or Op.ReadTogether: return () => [.. on.SelectMany(t => t.Value.Numbers)];
            case Op.Backward: return Backward(on[0]);
            case Op.ReadGrad or Op.Descend or Op.ZeroGrad: return Train(line, on[0]);
            case Op.Keep or Op.Collect: return Nothing;
            case Op.Drop:
                RejectedException.Unless(!IsParameter(line.On[0]), "a parameter");
                return () => Nothing(() => tensors.Remove(line.On[0]));
            case Op.SetSeed: return () => Nothing(() => (seed, ordinal) = ((ulong)line.With[0], 0));
            default: return Boundary(line);
        }
    }

    public bool IsParameter(int id) => parameters.ContainsValue(id);

    private static double[]? Nothing() => null;

    private static double[]? Nothing(Action action)
    {
        action();
        return null;
    }

    private Func<double[]?> Make(Instruction line, Plain value) => Make(line, () => value, value);

    private Func<double[]?> Make(Instruction line, Func<Plain> value, Plain? check = null)
    {
        check?.Checked();
        RejectedException.Unless(line.Op != Op.Parameter || !InScope, "a parameter in a scope");
        return () => Nothing(() =>
        {
            PlainStorage storage = line.Op == Op.Parameter ? new PlainParameter(value()) : new PlainStorage(value());
            if (storage is PlainParameter parameter)
            {
                parameters.Add(storage, line.Result);
                parameter.Velocity.Value = Plain.Of(line.Shape!, storage.Value.Cells.Select(_ => 0.0));
            }
            tensors.Add(line.Result, new(storage));
            flows.Peek().Scope?.Created.Add(storage);
        });
    }

    private static Plain Compute(Instruction line, PlainTensor[] on)
    {
        var values = Array.ConvertAll(on, t => line.NoGrad ? t.Value.Constant() : t.Value);
        if (line.Op is Op.Elementwise or Op.InPlace) return Elementwise.All[line.Name].Apply(values, line.With.FirstOrDefault(), !line.NoGrad).Checked();
        foreach (var value in values) RejectedException.Unless(line.Op is Op.Concat or Op.Flip || (!value.IsBool && !value.IsRough), "no exact numbers");
        var (axis, first) = (line.With.FirstOrDefault(), values[0]);
        RejectedException.Unless(line.Op == Op.MatMul || axis < first.Shape.Length, "no such axis");
        return line.Op switch
        {
            Op.Sum => first.Reduce(axis, line.With[1] != 0, cells => Cell.Of(cells.Sum(c => c.Value), cells.Select(c => (c, 1.0)))),
            Op.Max => first.Reduce(axis, line.With[1] != 0, Greatest),
            Op.MatMul => first.MatMul(values[1]),
            Op.Concat => Plain.Concat(axis, first, values[1]),
            _ => first with { Cells = [.. Enumerable.Range(0, first.Cells.Length).Select(i => first.Cells[Mirrored(i, first.Shape, axis)])] },
        } is var result ? result.Checked() : throw new InvalidOperationException();

        static Cell Greatest(Cell[] cells)
        {
            var greatest = cells.Max(c => c.Value);
            var chosen = cells.Where(c => c.Value == greatest).ToArray();
            return Cell.Of(greatest, chosen.Select(c => (c, 1.0 / chosen.Length)));
        }

        static int Mirrored(int flat, int[] shape, int axis)
        {
            var index = Places.Of(flat, shape);
            index[axis] = shape[axis] - 1 - index[axis];
            return Places.Flat(index, shape);
        }
    }

    /// <summary>The numbers a random operation draws: with a generator's seed, or the step's.</summary>
    private Plain Draw(Instruction line, int count)
    {
        var (key, number) = (seed, ordinal);
        if (line.With[0] is 1 or 2)
        {
            ref var generator = ref generators[line.With[0] - 1];
            (key, number) = (generator.Seed, generator.Draws++);
            flows.Peek().Scope?.Drawn.Add((line.With[0] - 1, number));
        }
        else
        {
            ordinal++;
            if (flows.Peek().Scope is { } scope) scope.Draws++;
        }
        return Plain.Of(line.Shape!, Enumerable.Range(0, count).Select(i => line.Op switch
        {
            Op.Uniform => Math.Floor(PlainRandom.Uniform(key, number, i) * 8),
            Op.Bernoulli => PlainRandom.Uniform(key, number, i) < 0.5 ? 1 : 0,
            _ => PlainRandom.Below(9, key, number, i, count) - 4.0,
        }));
    }

    private void Writable(PlainTensor target)
    {
        foreach (var other in flows.Skip(1)) RejectedException.Unless(other.Scope?.Before.ContainsKey(target.Storage) != true, "written by the scope of another flow");
    }

    private Func<double[]?> Write(Instruction line, PlainTensor target, Plain value)
    {
        RejectedException.Unless(!target.IsReadOnly, "shows elements several times");
        Writable(target);
        if (value.IsBool && !target.IsBool) value = value with { IsBool = false };
        RejectedException.Unless(value.IsBool == target.IsBool, "another element type");
        return () => Nothing(() => Store(target.Storage, target.Written(value, !line.NoGrad)));
    }

    private void Store(PlainStorage storage, Plain value)
    {
        flows.Peek().Scope?.Before.TryAdd(storage, storage.Value);
        if (storage is PlainParameter parameter) parameter.Set(value);
        else storage.Value = value;
    }

    private Func<double[]?> Backward(PlainTensor tensor)
    {
        var value = tensor.Value;
        RejectedException.Unless(value.RequiresGrad && !value.IsRough && !value.IsBool, "no gradients");
        var gradients = Cell.Of(value.Numbers.Sum(), value.Cells.Select(c => (c, 1.0))).Gradients();
        RejectedException.Unless(gradients.Count > 0, "no gradients");
        var sums = new Dictionary<PlainParameter, Plain>(ReferenceEqualityComparer.Instance);
        foreach (var parameter in gradients.Keys.Select(k => k.Parameter).Distinct())
            sums[parameter] = Plain.Of(parameter.Value.Shape, parameter.Value.Cells.Select((_, i) => gradients.GetValueOrDefault((parameter, i)) + (parameter.Grad?.Numbers[i] ?? 0))).Checked();
        return () => Nothing(() =>
        {
            foreach (var (parameter, sum) in sums)
            {
                parameter.Grad = sum;
                foreach (var flow in flows) flow.Scope?.Graded.Add(parameter);
            }
        });
    }

    private Func<double[]?> Train(Instruction line, PlainTensor tensor)
    {
        RejectedException.Unless(IsParameter(line.On[0]), "no parameter");
        var parameter = (PlainParameter)tensor.Storage;
        if (line.Op == Op.ZeroGrad) return () => Nothing(() => parameter.Grad = null);
        RejectedException.Unless(parameter.Grad is not null, "no gradient");
        if (line.Op == Op.ReadGrad) return () => parameter.Grad!.Numbers;
        Writable(tensor);
        foreach (var other in flows.Skip(1)) RejectedException.Unless(other.Scope?.Before.ContainsKey(parameter.Velocity) != true, "written by the scope of another flow");
        // Momentum and learning rate are a half.
        var velocity = Plain.Of(parameter.Value.Shape, parameter.Velocity.Value.Numbers.Zip(parameter.Grad!.Numbers, (v, g) => (v / 2) + g)).Checked();
        var next = Plain.Of(parameter.Value.Shape, parameter.Value.Numbers.Zip(velocity.Numbers, (p, v) => p - (v / 2))).Checked();
        return () => Nothing(() =>
        {
            Store(parameter.Velocity, velocity);
            Store(parameter, next);
        });
    }

    private Func<double[]?> Boundary(Instruction line)
    {
        var (flow, scope) = (flows.Peek(), flows.Peek().Scope);
        switch (line.Op)
        {
            case Op.MarkStep:
                RejectedException.Unless(scope is null, "MarkStep in a scope");
                return () => Nothing(Advance);
            case Op.BeginScope:
                RejectedException.Unless(scope is null, "scopes do not nest");
                return () => Nothing(() => flow.Scope = new() { Seed = seed, Ordinal = ordinal });
            case Op.Complete:
                RejectedException.Unless(scope is not null, "no scope");
                return () => Nothing(() =>
                {
                    flow.Scope = null;
                    Advance();
                });
            case Op.Discard:
                RejectedException.Unless(scope is not null, "no scope");
                return () => Nothing(() => Discard(flow, scope!));
            case Op.Fork: return () => Nothing(() => flows.Push(new()));
            case Op.EndFork:
                RejectedException.Unless(InFork && scope is null, "no fork");
                return () => Nothing(() => flows.Pop());
            default: return Nothing;
        }
    }

    private void Discard(Frame flow, Scope scope)
    {
        flow.Scope = null;
        foreach (var (storage, before) in scope.Before) storage.Value = before;
        foreach (var parameter in scope.Graded) parameter.Grad = null;
        // Tensors made in it are no more, but views made in it of others are.
        foreach (var id in tensors.Keys.Where(id => scope.Created.Contains(tensors[id].Storage)).ToArray()) tensors.Remove(id);
        foreach (var (from, number) in scope.Drawn)
        {
            ref var generator = ref generators[from];
            generator.Undone.Add(number);
            while (generator.Undone.Remove(generator.Draws - 1)) generator.Draws--;
        }
        if (seed == scope.Seed && ordinal == scope.Ordinal + scope.Draws) ordinal = scope.Ordinal;
    }

    private void Advance() => (seed, ordinal) = (1012031 + (seed * 7012063), 0);

    private sealed class Frame
    {
        public Scope? Scope { get; set; }
    }

    private sealed class Scope
    {
        public required ulong Seed { get; init; }

        public required ulong Ordinal { get; init; }

        public ulong Draws { get; set; }

        /// <summary>What it has drawn of which generator.</summary>
        public List<(int Generator, ulong Number)> Drawn { get; } = [];

        public Dictionary<PlainStorage, Plain> Before { get; } = new(ReferenceEqualityComparer.Instance);

        public HashSet<PlainParameter> Graded { get; } = new(ReferenceEqualityComparer.Instance);

        public HashSet<PlainStorage> Created { get; } = new(ReferenceEqualityComparer.Instance);
    }
}

namespace LazyHost.Tests.Properties;

/// <summary>Makes programs out of numbers, so that a failing one can be found again and shrunk: four numbers a line.</summary>
internal sealed class ProgramGenerator
{
    private const int PerLine = 5, MostTensors = 14;

    private static readonly int[][] Shapes = [[4], [2, 3], [3], [1], [], [2, 2], [3, 4], [2, 1], [1, 3], [2, 3, 2], [4, 4]];

    /// <summary>How often each kind of line comes.</summary>
    private static readonly (int Weight, string Kind)[] Kinds =
    [
        (3, "from"), (3, "random"), (2, "parameter"), (16, "elementwise"), (5, "bound"), (4, "reduce"), (2, "matmul"), (2, "join"), (16, "view"), (14, "in place"), (6, "assign"), (3, "fill"),
        (5, "train"), (3, "read gradient"), (8, "read"), (2, "read together"), (3, "keep"), (2, "sync"), (10, "mark"), (2, "sync live"), (1, "barrier"), (6, "scope"), (5, "fork"), (1, "seed"),
        (4, "drop"), (5, "collect"),
    ];

    private readonly int[] choices;
    private readonly List<Instruction> lines = [];
    private readonly Interpreter interpreter = new();
    private int next, tensors;

    private ProgramGenerator(int[] choices) => this.choices = choices;

    public static List<Instruction> Make(int[] choices)
    {
        var generator = new ProgramGenerator(choices);
        for (var start = 0; start < choices.Length; start += PerLine)
        {
            generator.next = start;
            try { generator.Line(); }
            catch (RejectedException) { }
        }
        return generator.lines;
    }

    /// <summary>What is left of some lines where those that make no sense any more are left out, and an end at which every tensor is read.</summary>
    public static List<Instruction> Finish(IEnumerable<Instruction> lines)
    {
        var generator = new ProgramGenerator([]);
        foreach (var line in lines) generator.TryEmit(line);
        while (generator.interpreter.InScope || generator.interpreter.InFork) generator.TryEmit(new(generator.interpreter.InScope ? Op.Complete : Op.EndFork));
        generator.TryEmit(new(Op.MarkStep));
        foreach (var id in generator.interpreter.Tensors.Keys.Order().ToArray())
        {
            generator.TryEmit(new(Op.Read, On: [id]));
            generator.TryEmit(new(Op.ReadGrad, On: [id]));
        }
        generator.TryEmit(new(Op.MarkStep));
        return generator.lines;
    }

    private int Choose(int count) => next < choices.Length ? choices[next++] % count : 0;

    private bool TryEmit(Instruction line)
    {
        try { Emit(line); }
        catch (RejectedException) { return false; }
        return true;
    }

    private void Emit(Instruction line)
    {
        var commit = interpreter.Prepare(line);
        commit();
        lines.Add(line);
    }

    /// <summary>A tensor that is there, of numbers or of truth values; the latest ones come most often.</summary>
    private int Pick(bool isBool = false, Func<PlainTensor, bool>? where = null)
    {
        var fit = interpreter.Tensors.Where(t => t.Value.IsBool == isBool && where?.Invoke(t.Value) != false).Select(t => t.Key).Order().ToArray();
        RejectedException.Unless(fit.Length > 0, "no such tensor");
        var (a, b) = (Choose(1000), fit.Length);
        return fit[b - 1 - (a % 3 == 0 ? a / 3 % b : a / 3 % Math.Min(b, 4))];
    }

    /// <summary>One whose shape broadcasts against another's.</summary>
    private int PickBeside(int other, bool isBool = false, bool within = false)
    {
        var shape = interpreter.Tensors[other].Shape;
        return Pick(isBool, t =>
        {
            try { return Places.Broadcast(shape, t.Shape) is var both && (!within || both.SequenceEqual(shape)); }
            catch (RejectedException) { return false; }
        });
    }

    private int PickParameter() => Pick(where: t => t.Storage is PlainParameter && t.Map.Length == t.Storage.Value.Cells.Length && t.Detached is null);

    private void Line()
    {
        var at = Choose(Kinds.Sum(k => k.Weight));
        var kind = Kinds.First(k => (at -= k.Weight) < 0).Kind;
        if (interpreter.Tensors.Count < 2) kind = "from";
        if (interpreter.Tensors.Count > MostTensors) kind = "drop";
        switch (kind)
        {
            case "from": Emit(New(Op.From)); break;
            case "parameter": Emit(New(Op.Parameter)); break;
            case "random": Emit(new(new[] { Op.Integers, Op.Bernoulli, Op.Uniform }[Choose(3)], tensors++, With: [Choose(4)], Shape: Shapes[Choose(Shapes.Length)])); break;
            case "elementwise": Elementary(Op.Elementwise); break;
            case "in place": Elementary(Op.InPlace); break;
            case "bound": Emit(new(Choose(2) == 0 ? Op.Elementwise : Op.InPlace, tensors++, [Pick()], Choose(2) == 0 ? "clamp_4" : "remainder_5")); break;
            case "reduce": Reduce(); break;
            case "matmul":
                var left = Pick(where: t => t.Shape.Length == 2);
                Emit(new(Op.MatMul, tensors++, [left, Pick(where: t => t.Shape.Length == 2 && t.Shape[0] == interpreter.Tensors[left].Shape[1])]));
                break;
            case "join":
                var part = Pick();
                if (Choose(2) == 0) Emit(new(Op.Flip, tensors++, [part], With: [Choose(2)]));
                else Emit(new(Op.Concat, tensors++, [part, PickBeside(part)], With: [Choose(2)]));
                break;
            case "view": View(); break;
            case "assign":
                var target = Pick(isBool: Choose(8) == 0);
                var source = PickBeside(target, interpreter.Tensors[target].IsBool, within: true);
                var isSpread = !interpreter.Tensors[source].Shape.SequenceEqual(interpreter.Tensors[target].Shape);
                Emit(new(Op.Assign, On: [target, source], With: [isSpread ? 1 : 0]) { NoGrad = Choose(5) == 0 });
                break;
            case "fill": Emit(new(Choose(2) == 0 ? Op.Fill : Op.FillIntegers, On: [Pick()], With: [Choose(4)])); break;
            case "train": Train(); break;
            case "read gradient": Emit(new(Op.ReadGrad, On: [PickParameter()])); break;
            case "read": Emit(new(Choose(4) == 0 ? Op.ReadBytes : Op.Read, On: [Pick(isBool: Choose(6) == 0)])); break;
            case "read together": Emit(new(Op.ReadTogether, On: [Pick(), Pick()])); break;
            case "keep": Emit(new(Op.Keep, On: [Pick()])); break;
            case "sync": Emit(new(Op.Sync, On: [Pick(), Pick()])); break;
            case "mark": Emit(new(interpreter.InScope && Choose(2) == 0 ? Op.Complete : Op.MarkStep)); break;
            case "sync live": Emit(new(Op.SyncLive)); break;
            case "barrier": Emit(new(Op.Barrier)); break;
            case "scope": Emit(new(!interpreter.InScope ? Op.BeginScope : Choose(3) == 0 ? Op.Discard : Op.Complete)); break;
            case "fork": Emit(new(interpreter.InFork && Choose(3) > 0 ? Op.EndFork : Op.Fork)); break;
            case "seed": Emit(new(Op.SetSeed, With: [Choose(5)])); break;
            case "drop": Emit(new(Op.Drop, On: [Pick(isBool: Choose(5) == 0)])); break;
            default: Emit(new(Op.Collect)); break;
        }
    }

    private Instruction New(Op op)
    {
        var shape = Shapes[Choose(Shapes.Length)];
        var start = Choose(9);
        return new(op, tensors++, With: [.. Enumerable.Range(0, Places.Count(shape)).Select(i => ((start + (i * 5)) % 9) - 4)], Shape: shape);
    }

    private void Elementary(Op op)
    {
        var all = Elementwise.All.Where(e => op == Op.Elementwise || e.Value.InPlace is not null).ToArray();
        var (name, form) = all[Choose(all.Length)];
        var on = new int[form.Takes.Length];
        on[form.Written] = Pick(form.Takes[form.Written] == 'b');
        for (var i = 0; i < on.Length; i++)
            if (i != form.Written) on[i] = PickBeside(on[form.Written], form.Takes[i] == 'b', within: op == Op.InPlace);
        Emit(new(op, op == Op.InPlace ? -1 : tensors++, on, name, [Choose(5) - 2]) { NoGrad = Choose(7) == 0 });
    }

    private void Reduce()
    {
        var of = Pick();
        var rank = interpreter.Tensors[of].Shape.Length;
        Emit(new(Choose(2) == 0 ? Op.Sum : Op.Max, tensors++, [of], With: [rank == 0 ? -1 : Choose(rank + 1) - 1, Choose(2)]));
    }

    private void View()
    {
        var of = Pick(isBool: Choose(8) == 0);
        var shape = interpreter.Tensors[of].Shape;
        var (rank, name) = (shape.Length, Views.Names[Choose(Views.Names.Length)]);
        int[] with = name switch
        {
            "reshape" => Choose(3) switch { 0 => [Places.Count(shape)], 1 => [1, Places.Count(shape)], _ => rank > 1 ? [.. shape[1..], shape[0]] : [Places.Count(shape), 1] },
            "permute" => [.. Enumerable.Range(0, rank).Reverse()],
            "transpose" => rank > 1 ? [Choose(rank), rank - 1] : throw new RejectedException("no two axes"),
            "slice" => Slice(shape),
            "squeeze" => [Array.IndexOf(shape, 1) is var one && one >= 0 ? one : throw new RejectedException("nothing of size 1")],
            "unsqueeze" => [Choose(rank + 1)],
            "diagonal" => [Choose(3) - 1],
            "strided" => [1 + Choose(3), 1 + Choose(2), Choose(4), 1 + Choose(2), Choose(2)],
            "expand" => Choose(2) == 0 ? [2, .. shape] : [.. shape.Select(size => size == 1 ? 3 : size)],
            _ => [],
        };
        Emit(new(Op.View, tensors++, [of], name, with));
    }

    private int[] Slice(int[] shape)
    {
        RejectedException.Unless(shape.Length > 0, "no axis");
        var axis = Choose(shape.Length);
        var start = Choose(shape[axis]);
        return [axis, start, start + 1 + Choose(shape[axis] - start), 1 + Choose(2)];
    }

    private void Train()
    {
        var choice = Choose(5);
        if (choice < 2) Emit(new(Op.Backward, On: [Pick(where: t => t.Value.RequiresGrad)]));
        else if (choice < 4) Emit(new(Op.Descend, On: [PickParameter()]));
        else Emit(new(Op.ZeroGrad, On: [PickParameter()]));
    }
}

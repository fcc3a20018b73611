namespace LazyHost.Tests.Properties;

/// <summary>An element-wise operation, twice: on numbers, and as a program writes it.</summary>
/// <param name="Takes">An 'f' or a 'b' for each operand: numbers or truth values.</param>
/// <param name="Compute">The result, from one element of each operand and the number in the instruction.</param>
/// <param name="Slopes">The derivative by each operand, or null where gradients end.</param>
/// <param name="Real">The operation on tensors.</param>
/// <param name="InPlace">The same, written to one of them; null where there is none.</param>
internal sealed record Elementwise(string Takes, Func<double[], double, double> Compute, Func<double[], double, double[]>? Slopes, Func<Tensor[], double, Tensor> Real,
    Func<Tensor[], double, Tensor>? InPlace = null)
{
    public bool GivesBool { get; init; }

    public bool GivesRough { get; init; }

    /// <summary>The operand that the one in place writes to.</summary>
    public int Written { get; init; }

    public static readonly SortedDictionary<string, Elementwise> All = new(StringComparer.Ordinal)
    {
        ["neg"] = new("f", (v, _) => -v[0], (_, _) => [-1], (t, _) => -t[0], (t, _) => t[0].NegInPlace()),
        ["abs"] = new("f", (v, _) => Math.Abs(v[0]), (v, _) => [Math.Sign(v[0])], (t, _) => t[0].Abs(), (t, _) => t[0].AbsInPlace()),
        ["relu"] = new("f", (v, _) => Math.Max(v[0], 0), (v, _) => [v[0] > 0 ? 1 : 0], (t, _) => t[0].Relu(), (t, _) => t[0].ReluInPlace()),
        ["floor"] = new("f", (v, _) => Math.Floor(v[0]), (_, _) => [0], (t, _) => t[0].Floor(), (t, _) => t[0].FloorInPlace()),
        ["add"] = new("ff", (v, _) => v[0] + v[1], (_, _) => [1, 1], (t, _) => t[0] + t[1], (t, _) => t[0].AddInPlace(t[1])),
        ["sub"] = new("ff", (v, _) => v[0] - v[1], (_, _) => [1, -1], (t, _) => t[0] - t[1], (t, _) => t[0].SubInPlace(t[1])),
        ["mul"] = new("ff", (v, _) => v[0] * v[1], (v, _) => [v[1], v[0]], (t, _) => t[0] * t[1], (t, _) => t[0].MulInPlace(t[1])),
        ["max"] = new("ff", (v, _) => Math.Max(v[0], v[1]), (v, _) => v[0] == v[1] ? [0.5, 0.5] : v[0] > v[1] ? [1, 0] : [0, 1], (t, _) => t[0].Maximum(t[1]), (t, _) => t[0].MaximumInPlace(t[1])),
        ["min"] = new("ff", (v, _) => Math.Min(v[0], v[1]), (v, _) => v[0] == v[1] ? [0.5, 0.5] : v[0] < v[1] ? [1, 0] : [0, 1], (t, _) => t[0].Minimum(t[1]), (t, _) => t[0].MinimumInPlace(t[1])),
        ["add_number"] = new("f", (v, n) => v[0] + n, (_, _) => [1], (t, n) => t[0] + n, (t, n) => t[0].AddInPlace(n)),
        ["mul_number"] = new("f", (v, n) => v[0] * n, (_, n) => [n], (t, n) => t[0] * n, (t, n) => t[0].MulInPlace(n)),
        ["remainder_5"] = new("f", (v, _) => v[0] % 5 < 0 ? (v[0] % 5) + 5 : v[0] % 5, (_, _) => [1], (t, _) => t[0].Remainder(5.0), (t, _) => t[0].RemainderInPlace(5.0)),
        ["clamp_4"] = new("f", (v, _) => Math.Clamp(v[0], -4, 4), (v, _) => [Math.Abs(v[0]) <= 4 ? 1 : 0], (t, _) => t[0].Clamp(-4.0, 4.0), (t, _) => t[0].ClampInPlace(-4.0, 4.0)),
        ["third"] = new("f", (v, _) => v[0] / 3, (_, _) => [0], (t, _) => t[0] / 3.0, (t, _) => t[0].DivInPlace(3.0)) { GivesRough = true },
        ["root"] = new("f", (v, _) => Math.Sqrt((float)Math.Abs(v[0])), (_, _) => [0], (t, _) => t[0].Abs().Sqrt()) { GivesRough = true },
        ["less"] = new("ff", (v, _) => v[0] < v[1] ? 1 : 0, null, (t, _) => t[0].Lt(t[1]), (t, _) => t[0].LtInPlace(t[1])) { GivesBool = true },
        ["at_least"] = new("ff", (v, _) => v[0] >= v[1] ? 1 : 0, null, (t, _) => t[0].Ge(t[1])) { GivesBool = true },
        ["equal"] = new("f", (v, n) => v[0] == n ? 1 : 0, null, (t, n) => t[0].Eq(n)) { GivesBool = true },
        ["not"] = new("b", (v, _) => 1 - v[0], null, (t, _) => t[0].LogicalNot(), (t, _) => t[0].LogicalNotInPlace()) { GivesBool = true },
        ["and"] = new("bb", (v, _) => v[0] * v[1], null, (t, _) => t[0].LogicalAnd(t[1]), (t, _) => t[0].LogicalAndInPlace(t[1])) { GivesBool = true },
        ["to_float"] = new("b", (v, _) => v[0], (_, _) => [0], (t, _) => t[0].To(DType.Float32)),
        ["where"] = new("bff", (v, _) => v[0] != 0 ? v[1] : v[2], (v, _) => v[0] != 0 ? [0, 1, 0] : [0, 0, 1], (t, _) => t[1].Where(t[0], t[2]), (t, _) => t[1].WhereInPlace(t[0], t[2])) { Written = 1 },
    };

    /// <summary>The result on plain arrays.</summary>
    public Plain Apply(Plain[] operands, double number, bool grad)
    {
        for (var i = 0; i < Takes.Length; i++) RejectedException.Unless(operands[i].IsBool == (Takes[i] == 'b'), "another element type");
        var shape = Places.Broadcast(operands.Select(o => o.Shape));
        var wide = Array.ConvertAll(operands, o => o.BroadcastTo(shape).Cells);
        var cells = new Cell[Places.Count(shape)];
        var requires = grad && Slopes is not null && operands.Any(o => o.RequiresGrad);
        for (var i = 0; i < cells.Length; i++)
        {
            var from = Array.ConvertAll(wide, w => w[i]);
            var numbers = Array.ConvertAll(from, c => c.Value);
            cells[i] = Cell.Of(Compute(numbers, number), requires ? from.Zip(Slopes!(numbers, number)) : []);
        }
        return new(shape, cells, GivesBool, !GivesBool && (GivesRough || operands.Any(o => o.IsRough)), requires);
    }
}

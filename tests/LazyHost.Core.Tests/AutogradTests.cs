using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Tests;

public sealed class AutogradTests
{
    public static TheoryData<string> Differentiable => [.. OperatorCatalog.All.Where(f => f.IsDifferentiable && f.IsPure).Select(f => f.Name)];

    /// <summary>Gradients of every operator against central differences, in double precision.</summary>
    [Theory]
    [MemberData(nameof(Differentiable))]
    public async Task GradientsEqualCentralDifferences(string name)
    {
        await using var lazy = new TestEngine();
        var form = OperatorCatalog.Find(name)!;
        var tested = 0;
        var type = form.DTypes.Contains(DType.Float64) ? DType.Float64 : form.DTypes[0];
        foreach (var sample in form.Samples(type).Select(Doubled).Where(s => s.Class is ShapeClass.Odd or ShapeClass.Broadcast or ShapeClass.SizeOne))
        {
            var random = new Random(42);
            var inputs = sample.Inputs.Select(i => Draw(i, random)).ToArray();
            var operands = inputs.Select((v, i) => Make(lazy, sample.Inputs[i].Type, v)).ToArray();
            if (!operands.Any(o => o is Parameter)) continue;
            Tensor Loss(Operand[] of)
            {
                var y = Tensor.Apply(form, of, sample.Attributes);
                var weights = Tensor.From(Enumerable.Range(0, (int)y.Shape.ElementCount).Select(i => 0.5 + Math.Sin(i + 1)).ToArray(), y.Shape, lazy.Device);
                return (y * weights).Sum();
            }
            var loss = Loss([.. operands.Select(o => (Operand)o)]);
            if (!loss.RequiresGrad || Tensor.Apply(form, [.. operands.Select(o => (Operand)o)], sample.Attributes).DType != DType.Float64) continue;
            loss.Backward();
            for (var k = 0; k < operands.Length; k++)
            {
                if (operands[k] is not Parameter parameter) continue;
                var gradient = parameter.Grad is { } g ? g.ToArray<double>() : new double[inputs[k].Length];
                if (parameter.Grad is { } typed) Assert.Equal(parameter.Type, typed.Type);
                foreach (var at in Enumerable.Range(0, inputs[k].Length).Where(i => i % Math.Max(1, inputs[k].Length / 5) == 0))
                {
                    const double H = 1e-6;
                    double At(double delta)
                    {
                        var moved = (double[])inputs[k].Clone();
                        moved[at] += delta;
                        return Loss([.. operands.Select((o, i) => (Operand)(i == k ? Make(lazy, sample.Inputs[i].Type, moved) : o))]).Item<double>();
                    }
                    var expected = (At(H) - At(-H)) / (2 * H);
                    Assert.True(Math.Abs(expected - gradient[at]) <= 1e-5 + (1e-4 * Math.Abs(expected)),
                        $"{name} {sample.Class} operand {k} [{at}]: {gradient[at]} instead of {expected}");
                    tested++;
                }
            }
        }
        Assert.True(tested > 0, $"{name}: no sample has an operand with a gradient");
    }

    [Fact]
    public async Task AReadBetweenForwardAndBackwardChangesNoGradient()
    {
        await using var lazy = new TestEngine();
        float[] Gradient(bool read, bool step)
        {
            var w = new Parameter(lazy.Tensor(1, 2, 3));
            var loss = ((w * w).Exp() * 0.01).Sum();
            if (read) _ = loss.Item();
            if (step) lazy.Device.MarkStep();
            loss.Backward();
            return w.Grad!.ToArray<float>();
        }
        var plain = Gradient(false, false);
        Assert.Equal(plain, Gradient(true, false));
        Assert.Equal(plain, Gradient(false, true));
    }

    [Fact]
    public async Task GradientsAccumulateAcrossStepsAndAfterAnAssignmentInTheSameSegment()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(2));
        for (var i = 0; i < 3; i++)
        {
            (w * w).Sum().Backward();
            lazy.Device.MarkStep();
        }
        Assert.Equal(12f, w.Grad!.Item());
        w.Grad = null;
        w.Assign(w + 1);
        (w * w).Sum().Backward();
        Assert.Equal(6f, w.Grad!.Item());
    }

    [Fact]
    public async Task NothingIsRecordedForGradientsInNoGradAndDetachCutsThem()
    {
        await using var lazy = new TestEngine();
        var w = new Parameter(lazy.Tensor(2));
        using (GradMode.NoGrad()) Assert.False((w * 2).RequiresGrad);
        Assert.False((w * 2).Detach().RequiresGrad);
        ((w * 2).Detach() * w).Sum().Backward();
        Assert.Equal(4f, w.Grad!.Item());
    }

    private static OperatorSample Doubled(OperatorSample sample) =>
        sample with { Inputs = [.. sample.Inputs.Select(i => i.Type.DType.IsFloat() ? i with { Type = i.Type.With(DType.Float64) } : i)] };

    private static double[] Draw(SampleInput input, Random random)
    {
        var values = new double[input.Type.Shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
            values[i] = input.Type.DType.IsFloat() ? input.Low + ((input.High - input.Low) * random.NextDouble()) : Math.Floor(input.Low + ((input.High - input.Low + 1) * random.NextDouble()));
        return values;
    }

    private static Tensor Make(TestEngine lazy, TensorType type, double[] values)
    {
        var tensor = Tensor.From(values, type.Shape, lazy.Device);
        return type.DType == DType.Float64 ? new Parameter(tensor) : tensor.To(type.DType);
    }
}

using LazyHost.IR;
using LazyHost.Operators;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>The gradients of every form against central differences of its own decomposition, in binary64.</summary>
public class GradientTests
{
    private const double Step = 1e-5;

    public static TheoryData<string> Differentiable =>
        [.. OperatorCatalog.All.Where(form => form.IsDifferentiable && form.GetType().Assembly == typeof(OperatorCatalog).Assembly).Select(form => form.Name)];

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Gradients_agree_with_differences(string name)
    {
        var form = OperatorCatalog.Find(name)!;
        var samples = (from type in form.DTypes
                       from sample in form.Samples(type)
                       where sample.Class is not (ShapeClass.Large or ShapeClass.Empty)
                       where sample.Inputs.Any(i => i.Type.DType == DType.Float64) && sample.Inputs.All(i => !i.Type.DType.IsFloat() || i.Type.DType == DType.Float64)
                       where new TestGradient(form, sample).ResultType().DType == DType.Float64
                       select sample).ToList();
        Assert.NotEmpty(samples);
        foreach (var sample in samples) Check(form, sample);
    }

    [Fact]
    public void The_example_of_the_document_is_right()
    {
        foreach (var sample in Softsign.Form.Samples(DType.Float64).Where(s => s.Class == ShapeClass.Odd)) Check(Softsign.Form, sample);
        Assert.Equal([-0.5, 0, 0.75], Runner.Vectors(Softsign.Form, new double[] { -1, 0, 3 }));
    }

    private static void Check(OperatorForm form, OperatorSample sample)
    {
        var random = new Random(7);
        var inputs = sample.Inputs.Select(input => Runner.Draw(input, random)).ToArray();
        var gradient = new TestGradient(form, sample);
        var arriving = Enumerable.Range(0, form.OutputCount).Where(i => gradient.OutputGradient(i) is not null)
            .Select(i => Runner.Draw(new(gradient.ResultType(i), -1, 1), random)).ToArray();
        var order = gradient.Gradients.Keys.Order().ToList();
        foreach (var operand in order) gradient.Graph.AddRoot(gradient.Gradients[operand]);
        var analytic = Runner.Run(gradient.Graph.Build(), [.. inputs, .. arriving]);

        var forward = Forward(form, sample);
        for (var k = 0; k < order.Count; k++)
        {
            var data = (double[])inputs[order[k]];
            for (var i = 0; i < data.Length; i += 1 + (data.Length / 24))
            {
                var kept = data[i];
                data[i] = kept + Step;
                var above = Loss();
                data[i] = kept - Step;
                var below = Loss();
                data[i] = kept;
                var expected = (above - below) / (2 * Step);
                Assert.True(Math.Abs(expected - analytic[k][i]) <= 1e-5 + (1e-5 * Math.Abs(expected)),
                    $"{form.Name} {{{sample.Attributes.ToString(form.Attributes)}}} of {string.Join(", ", sample.Inputs.Select(s => s.Type))}: gradient of operand {order[k]} at {i} is {analytic[k][i]} but differences say {expected}");
            }
        }

        double Loss()
        {
            var outputs = Runner.Run(forward, inputs);
            return outputs.Zip(arriving).Sum(pair => pair.First.Zip((double[])pair.Second).Sum(p => p.First * p.Second));
        }
    }

    private static Graph Forward(OperatorForm form, OperatorSample sample)
    {
        var builder = new GraphBuilder();
        var node = builder.Emit(form, sample.Inputs.Select(input => builder.Parameter(input.Type)).ToArray(), sample.Attributes);
        for (var i = 0; i < form.OutputCount; i++) builder.AddRoot(node with { Output = i });
        return builder.Build();
    }
}

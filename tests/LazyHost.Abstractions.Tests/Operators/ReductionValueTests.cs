using LazyHost.IR;
using LazyHost.Operators;
using static LazyHost.Abstractions.Tests.Operators.ElementwiseValueTests;

namespace LazyHost.Abstractions.Tests.Operators;

/// <summary>Edge cases of reductions, normalization and losses, as PyTorch answers them.</summary>
public class ReductionValueTests
{
    private const double NaN = double.NaN;
    private const double Inf = double.PositiveInfinity;
    private static readonly double[] Matrix = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Sums()
    {
        Assert.Equal([21], Reduce(Sum.Form, Sum.Encode()));
        Assert.Equal([5, 7, 9], Reduce(Sum.Form, Sum.Encode([0])));
        Assert.Equal([6, 15], Reduce(Sum.Form, Sum.Encode([-1], true)));
        Assert.Equal([2], Runner.Run(Sum.Form, Sum.Encode(), (new[] { true, false, true }, [3]))[0]);
        Assert.Equal([400], Runner.Run(Sum.Form, Sum.Encode(), (new byte[] { 200, 200 }, [2]))[0]);
        Assert.Equal([0, 0], Runner.Run(Sum.Form, Sum.Encode([1]), (Array.Empty<double>(), [2, 0]))[0]);
        Assert.Equal(DType.Int64, TypeOf(Sum.Form, Sum.Encode(), new TensorType(DType.UInt8, [3])).DType);
    }

    [Fact]
    public void Half_precision_is_added_in_single()
    {
        // 4096 ones added in f16 would stop at 2048.
        var ones = Enumerable.Repeat((Half)1, 4096).ToArray();
        Assert.Equal([4096], Runner.Run(Sum.Form, Sum.Encode(), (ones, [4096]))[0]);
        Assert.Equal([1], Runner.Run(Mean.Form, Mean.Encode(), (ones, [4096]))[0]);
    }

    [Fact]
    public void Means()
    {
        Assert.Equal([2.5, 3.5, 4.5], Reduce(Mean.Form, Mean.Encode([0])));
        Assert.Equal([1.5], Runner.Run(Mean.Form, Mean.Encode(), (new long[] { 1, 2 }, [2]))[0]);
        Assert.Equal([NaN], Runner.Run(Mean.Form, Mean.Encode(), (Array.Empty<double>(), [0]))[0]);
    }

    [Fact]
    public void Variances()
    {
        Close([3.5], Reduce(Var.Form, Var.Encode([])));
        Close([2.0 / 3, 2.0 / 3], Reduce(Var.Form, Var.Encode([1], 0)));
        Assert.Equal([NaN], Runner.Run(Var.Form, Var.Encode([]), (new[] { 3.0 }, [1]))[0]);
    }

    [Fact]
    public void Greatest_and_least()
    {
        Assert.Equal([4, 5, 6], Reduce(Max.Form, Max.Encode([0])));
        Assert.Equal([1, 4], Reduce(Min.Form, Min.Encode([1])));
        Assert.Equal([NaN], Runner.Run(Max.Form, Max.Encode(), (new[] { 1, NaN, 3 }, [3]))[0]);
        Assert.Equal([1], Runner.Run(Max.Form, Max.Encode(), (new[] { false, true }, [2]))[0]);
        Assert.Equal([1, 0], Runner.Run(ArgMax.Form, ArgMax.Encode(1), (new double[] { 1, 7, 7, 2, 2, 0 }, [2, 3]))[0]);
        Assert.Equal([0, 2], Runner.Run(ArgMin.Form, ArgMin.Encode(-1, true), (new double[] { 1, 7, 7, 2, 2, 0 }, [2, 3]))[0]);
    }

    [Fact]
    public void Products_any_and_all()
    {
        Assert.Equal([6, 120], Reduce(Prod.Form, Prod.Encode([1])));
        Assert.Equal([1], Runner.Run(Any.Form, Any.Encode(), (new[] { 0, NaN }, [2]))[0]);
        Assert.Equal([0], Runner.Run(All.Form, All.Encode(), (new double[] { 0, 1 }, [2]))[0]);
        Assert.Equal([1], Runner.Run(All.Form, All.Encode(), (Array.Empty<double>(), [0]))[0]);
        Assert.Equal([0], Runner.Run(Any.Form, Any.Encode(), (Array.Empty<double>(), [0]))[0]);
    }

    [Fact]
    public void The_gradient_of_a_product_survives_zeros()
    {
        double[] x = [0, 2, 3, 0, 0, 5];
        var gradient = new TestGradient(Prod.Form, new(ShapeClass.Odd, [new(new(DType.Float64, [2, 3]))], Prod.Encode([1])));
        gradient.Graph.AddRoot(gradient.Gradients[0]);
        Assert.Equal([6, 0, 0, 0, 0, 0], Runner.Run(gradient.Graph.Build(), x, new double[] { 1, 1 })[0]);
    }

    [Fact]
    public void LogSumExp_does_not_overflow()
    {
        Close([1000 + Math.Log(2)], Runner.Run(LogSumExp.Form, LogSumExp.Encode(), (new double[] { 1000, 1000 }, [2]))[0]);
        Assert.Equal([-Inf], Runner.Run(LogSumExp.Form, LogSumExp.Encode(), (new[] { -Inf, -Inf }, [2]))[0]);
        Assert.Equal([Inf], Runner.Run(LogSumExp.Form, LogSumExp.Encode(), (new[] { Inf, 0 }, [2]))[0]);
        Assert.Equal([-Inf], Runner.Run(LogSumExp.Form, LogSumExp.Encode(), (Array.Empty<double>(), [0]))[0]);
    }

    [Fact]
    public void Softmax_does_not_overflow()
    {
        Close([0.5, 0.5, 0], Runner.Run(Softmax.Form, Softmax.Encode(0), (new double[] { 1000, 1000, -1000 }, [3]))[0]);
        Close([Math.Log(0.5), Math.Log(0.5), -2000 + Math.Log(0.5)],
            Runner.Run(LogSoftmax.Form, LogSoftmax.Encode(0), (new double[] { 1000, 1000, -1000 }, [3]))[0]);
        Assert.Equal([NaN, NaN], Runner.Run(Softmax.Form, Softmax.Encode(-1), (new[] { -Inf, -Inf }, [2]))[0]);
    }

    [Fact]
    public void Cross_entropy_ignores_targets_outside_the_classes()
    {
        double[] scores = [1, 2, 3, 1, 2, 3];
        var loss = Math.Log(Math.Exp(-2) + Math.Exp(-1) + 1);
        Close([loss, loss + 2], Loss(CrossEntropy.Form, scores, [2, 0], "none"));
        Close([loss + 1], Loss(CrossEntropy.Form, scores, [2, 0], "mean"));
        Close([loss], Loss(CrossEntropy.Form, scores, [2, -100], "mean"));
        Close([loss, 0], Loss(CrossEntropy.Form, scores, [2, -100], "none"));
        Assert.Equal([NaN], Loss(CrossEntropy.Form, scores, [-100, 3], "mean"));
        Assert.Equal([0], Loss(CrossEntropy.Form, scores, [-100, 3], "sum"));
        Assert.Equal([-4], Loss(NllLoss.Form, scores, [2, 0], "sum"));
    }

    [Fact]
    public void Squared_errors()
    {
        Assert.Equal([2.5], Runner.Run(MseLoss.Form, MseLoss.Encode(), (new double[] { 1, 2 }, [2]), (new double[] { 2, 4 }, [2]))[0]);
        Assert.Equal([1, 4], Runner.Run(MseLoss.Form, MseLoss.Encode("none"), (new double[] { 1, 2 }, [2]), (new double[] { 2, 4 }, [2]))[0]);
    }

    [Fact]
    public void Layer_norm()
    {
        var y = Runner.Run(LayerNorm.Form, LayerNorm.Encode(1, 0), (Matrix, [2, 3]), (new double[] { 1, 1, 2 }, [3]), (new double[] { 0, 5, 0 }, [3]))[0];
        var unit = Math.Sqrt(1.5);
        Close([-unit, 5, 2 * unit, -unit, 5, 2 * unit], y);
    }

    [Fact]
    public void Batch_norm_gives_the_statistics_of_the_batch()
    {
        var outputs = Runner.Run(BatchNorm.Form, BatchNorm.Encode(0), (new double[] { 1, 10, 3, 30 }, [2, 2]));
        Close([-1, -1, 1, 1], outputs[0]);
        Assert.Equal([2, 20], outputs[1]);
        Assert.Equal([1, 100], outputs[2]);
        var inference = Runner.Run(BatchNormInference.Form, BatchNormInference.Encode(0), (new double[] { 1, 10, 3, 30 }, [2, 2]),
            (new double[] { 0, 10 }, [2]), (new double[] { 4, 100 }, [2]))[0];
        Close([0.5, 0, 1.5, 2], inference);
    }

    internal static TensorType TypeOf(OperatorForm form, Attributes attributes, params TensorType[] operands)
    {
        var outputs = new TensorType[form.OutputCount];
        form.Infer(new InferenceContext(form, operands, attributes), outputs);
        return outputs[0];
    }

    private static double[] Reduce(OperatorForm form, Attributes attributes) => Runner.Run(form, attributes, (Matrix, [2, 3]))[0];

    private static double[] Loss(OperatorForm form, double[] scores, long[] targets, string reduction) =>
        Runner.Run(form, ClassLossForm.Encode(reduction), (scores, [2, 3]), (targets, [2]))[0];
}

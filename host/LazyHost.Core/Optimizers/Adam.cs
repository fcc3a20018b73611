namespace LazyHost;

/// <summary>Adam: Kingma and Ba, "Adam: a method for stochastic optimization" (2015), with bias correction as PyTorch writes it.</summary>
public sealed class Adam : Optimizer
{
    private readonly Tensor[] first, second;
    private readonly Scalar corrected, root;
    private double correction1, correction2;
    private int steps;

    /// <summary>Makes the optimizer; its state is made here, so that the first step is like all others.</summary>
    public Adam(IEnumerable<Parameter> parameters, double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : base(parameters)
    {
        (LearningRate, Beta1, Beta2, Epsilon) = (learningRate, beta1, beta2, epsilon);
        corrected = new(() => LearningRate / (1 - correction1));
        root = new(() => Math.Sqrt(1 - correction2));
        first = [.. Parameters.Select(ZerosLike)];
        second = [.. Parameters.Select(ZerosLike)];
    }

    /// <summary>The decay of the mean of gradients.</summary>
    public double Beta1 { get; }

    /// <summary>The decay of the mean of squared gradients.</summary>
    public double Beta2 { get; }

    /// <summary>Added to the root of the second mean.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    protected override void BeginStep()
    {
        var step = Interlocked.Increment(ref steps);
        (correction1, correction2) = (Math.Pow(Beta1, step), Math.Pow(Beta2, step));
    }

    /// <inheritdoc/>
    protected override void UndoBeginStep() => Interlocked.Decrement(ref steps);

    /// <inheritdoc/>
    protected override void Update(int index, Parameter parameter, Tensor gradient)
    {
        var m = first[index].Assign((first[index] * Beta1) + (gradient * (1 - Beta1)));
        var v = second[index].Assign((second[index] * Beta2) + (gradient * gradient * (1 - Beta2)));
        parameter.Assign(parameter - (m * corrected / ((v.Sqrt() / root) + Epsilon)));
    }
}

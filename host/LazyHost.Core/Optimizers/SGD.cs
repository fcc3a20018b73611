namespace LazyHost;

/// <summary>Stochastic gradient descent with optional momentum and weight decay, by PyTorch's formulas.</summary>
public sealed class SGD : Optimizer
{
    private readonly Tensor[] velocities;

    /// <summary>Makes the optimizer; its state is made here, so that the first step is like all others.</summary>
    public SGD(IEnumerable<Parameter> parameters, double learningRate = 0.01, double momentum = 0, double weightDecay = 0) : base(parameters)
    {
        (LearningRate, Momentum, WeightDecay) = (learningRate, momentum, weightDecay);
        velocities = momentum == 0 ? [] : [.. Parameters.Select(ZerosLike)];
    }

    /// <summary>The share of the last update that is kept.</summary>
    public double Momentum { get; }

    /// <summary>The share of a parameter added to its gradient.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    protected override void Update(int index, Parameter parameter, Tensor gradient)
    {
        if (WeightDecay != 0) gradient = gradient + (parameter * WeightDecay);
        if (Momentum != 0) gradient = velocities[index].Assign((velocities[index] * Momentum) + gradient);
        parameter.Assign(parameter - (gradient * Rate));
    }
}

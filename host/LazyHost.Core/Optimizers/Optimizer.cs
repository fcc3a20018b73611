namespace LazyHost;

/// <summary>Changes parameters by their gradients. One step records its updates; the device runs them with the step that calls it.</summary>
public abstract class Optimizer : IUndone
{
    private ulong begun;

    /// <summary>Makes an optimizer of these parameters.</summary>
    protected Optimizer(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = [.. parameters];
        Rate = new(() => LearningRate);
        if (Parameters.Count == 0) throw new InvalidAttributeException("an optimizer without parameters: give it those of a model, model.Parameters()");
    }

    /// <summary>The parameters, in the order given.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The learning rate. It is a parameter of the program: changing it compiles nothing.</summary>
    /// <exception cref="InvalidAttributeException">It is negative or not a number.</exception>
    public double LearningRate
    {
        get;
        set => field = value >= 0 ? value : throw new InvalidAttributeException($"learning rate {value}: it must be 0 or more");
    }

    /// <summary>Records one update of every parameter that has a gradient.</summary>
    public void Step()
    {
        using var noGrad = GradMode.NoGrad();
        var device = Parameters[0].Device;
        if (device.Engine.CurrentFlow?.Capture is { } capture)
        {
            capture.RequireMayChange("runs an optimizer", null, 0);
            capture.HasOptimizer = true;
            capture.EachRun.Add(changes =>
            {
                BeginStep();
                changes.Add(this, 0, begun++, begun);
            });
        }
        else
        {
            BeginStep();
            device.Engine.FlowTape(device).Changed(this, 0, begun++, begun);
        }
        for (var i = 0; i < Parameters.Count; i++)
            if (Parameters[i].Grad is { } gradient) Update(i, Parameters[i], gradient);
    }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGrad()
    {
        foreach (var parameter in Parameters) parameter.Grad = null;
    }

    /// <summary>The learning rate as an operand: looked up anew on every run of a captured function.</summary>
    protected Scalar Rate { get; }

    /// <summary>Called once before the updates of a step; in a captured function, on every run. What it changes must reach operations as a <see cref="Scalar"/>.</summary>
    protected virtual void BeginStep() { }

    /// <summary>Takes back what one <see cref="BeginStep"/> changed, since the device's step it belonged to failed or was discarded. State in tensors returns by itself. Later
    /// ones may have been taken back before. Called by any thread; must not throw.</summary>
    protected virtual void UndoBeginStep() { }

    /// <summary>Records the update of one parameter.</summary>
    protected abstract void Update(int index, Parameter parameter, Tensor gradient);

    void IUndone.Undo(int epoch, ulong from, ulong to)
    {
        for (; from < to; from++) UndoBeginStep();
    }

    /// <summary>State of the optimizer beside a parameter: zeros on its device.</summary>
    protected static Tensor ZerosLike(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return Tensor.Zeros(parameter.Shape, parameter.Device, parameter.DType);
    }
}

namespace LazyHost;

/// <summary>A tensor that is trained: a leaf that receives a gradient, and a variable whose value every step that writes it computes.</summary>
public sealed class Parameter : Tensor
{
    /// <summary>Takes the value of a tensor.</summary>
    /// <param name="initial">The first value; computed now if it was only recorded.</param>
    /// <exception cref="GradientException">The elements are not floating-point numbers.</exception>
    public Parameter(Tensor initial) : base(initial.Type, Take(initial)) => RequiresGrad = true;

    /// <summary>The gradient the backward passes since it was last cleared have left, or null.</summary>
    public Tensor? Grad
    {
        get;
        set
        {
            var capture = Device.Engine.CurrentFlow?.Capture;
            capture?.RequireMayChange("changes the gradient of a parameter", null, 0);
            if (value is null) capture?.Cleared.Add(this);
            field = value;
        }
    }

    internal void Accumulate(Tensor gradient, string? file, int line)
    {
        // Of a captured function only what it adds is recorded: each run adds that to what there is then.
        var none = Grad is null || (Device.Engine.CurrentFlow is { Capture: not null } flow && !Grad.IsPendingIn(flow.On(Device).Current));
        Grad = none ? gradient : Apply(Operators.Add.Form, [Grad!, gradient], default, file, line);
    }

    /// <summary>Takes the value of another tensor of this type at once, outside any step.</summary>
    internal void Load(Tensor value)
    {
        var data = Take(value);
        // What was recorded to be written to it is written no more, and undoing that must not undo this.
        if (Where().Segment is { } segment)
            lock (segment.Tape)
                if (segment.State == SegmentState.Open) segment.Recording!.Variables.RemoveAll(update => update.Variable == this);
        Reset(data);
    }

    private static DeviceData Take(Tensor initial)
    {
        if (!initial.DType.IsFloat()) throw new GradientException($"a parameter of type {initial.Type} cannot be trained; use a floating-point type");
        var data = initial.Device.Engine.Executor.Resolve(initial, CancellationToken.None);
        data.IsShared = true;
        return data;
    }
}

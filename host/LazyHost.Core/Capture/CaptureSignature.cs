namespace LazyHost;

/// <summary>What a capture depends on: the device, the types of tensor arguments and which of them are one tensor, the number of scalar arguments, and whether
/// gradients are recorded.</summary>
internal sealed class CaptureSignature(Device device, TensorType[] types, int[] same, int numbers, bool gradients)
{
    public Device Device { get; } = device;

    public TensorType[] Types { get; } = types;

    /// <summary>By argument: the first that is the same tensor.</summary>
    public int[] Same { get; } = same;

    public int Numbers { get; } = numbers;

    public bool Gradients { get; } = gradients;

    /// <summary>True where an argument is marked as varying in size. A program that was captured without fits all the same.</summary>
    public bool AnySize { get; init; }

    /// <exception cref="CaptureException">An argument is on another device than the first.</exception>
    /// <exception cref="GradientException">Gradients would have to flow to an argument.</exception>
    public static CaptureSignature Of(ReadOnlySpan<Tensor> inputs, int numbers, string name)
    {
        var types = new TensorType[inputs.Length];
        var same = new int[inputs.Length];
        var anySize = false;
        for (var i = 0; i < inputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(inputs[i]);
            if (inputs[i].Device != inputs[0].Device) throw new CaptureException($"captured function '{name}' was given tensors on {inputs[0].Device.Id} and {inputs[i].Device.Id}; move one with To(device)");
            if (inputs[i].RequiresGrad && GradMode.IsEnabled)
                throw new GradientException($"argument {i} of captured function '{name}' requires a gradient: gradients do not leave captured functions. Call Backward inside, pass it detached, or run in GradMode.NoGrad()");
            types[i] = inputs[i].Type;
            same[i] = First(inputs, i);
            anySize |= inputs[i].IsDynamic;
        }
        return new(inputs[0].Device, types, same, numbers, GradMode.IsEnabled) { AnySize = anySize };
    }

    public bool Fits(ReadOnlySpan<Tensor> inputs, int numbers)
    {
        if (inputs.Length != Types.Length || numbers != Numbers || GradMode.IsEnabled != Gradients) return false;
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i];
            if (input is null || input.Device != Device || input.DType != Types[i].DType || !(ReferenceEquals(input.Shape, Types[i].Shape) || input.Shape.Equals(Types[i].Shape))) return false;
            if (First(inputs, i) != Same[i] || (Gradients && input.RequiresGrad)) return false;
        }
        return true;
    }

    public bool Equals(CaptureSignature other) =>
        Device == other.Device && Numbers == other.Numbers && Gradients == other.Gradients && Types.AsSpan().SequenceEqual(other.Types) && Same.AsSpan().SequenceEqual(other.Same);

    internal static int First(ReadOnlySpan<Tensor> inputs, int index)
    {
        for (var i = 0; i < index; i++)
            if (ReferenceEquals(inputs[i], inputs[index])) return i;
        return index;
    }
}

namespace LazyHost;

/// <summary>What a recording of a pure function depends on: the device, the types of its arguments and which of them are one tensor, and where gradients flow.</summary>
internal sealed class PureSignature(Tensor[] arguments)
{
    private readonly Device device = arguments[0].Device;
    private readonly TensorType[] types = Array.ConvertAll(arguments, static a => a.Type);
    private readonly bool[] flows = Array.ConvertAll(arguments, static a => a.Flows);
    private readonly bool gradients = GradMode.IsEnabled;

    /// <summary>By argument: the first that is the same tensor.</summary>
    public int[] Same { get; } = [.. arguments.Select((_, i) => CaptureSignature.First(arguments, i))];

    public bool Fits(Tensor[] given)
    {
        if (given.Length != types.Length || given[0].Device != device || GradMode.IsEnabled != gradients) return false;
        for (var i = 0; i < given.Length; i++)
        {
            var (tensor, type) = (given[i], types[i]);
            if (tensor.DType != type.DType || !(ReferenceEquals(tensor.Shape, type.Shape) || tensor.Shape.Equals(type.Shape))) return false;
            if (tensor.Flows != flows[i] || CaptureSignature.First(given, i) != Same[i]) return false;
        }
        return true;
    }
}

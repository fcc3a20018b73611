namespace LazyHost;

/// <summary>An operator that a device's own backend cannot run, or not in every element type.</summary>
/// <param name="Name">The operator.</param>
/// <param name="Types">The element types of its first operand that the backend refuses, of those the operator takes.</param>
/// <param name="IsWhole">True where these are all it takes.</param>
/// <param name="Fallback">The device of the fallback chain that runs it instead; null where none can, so that using it is an error.</param>
public sealed record MissingOperator(string Name, IReadOnlyList<DType> Types, bool IsWhole, DeviceId? Fallback)
{
    /// <summary>Text such as <c>sort (u32, u64)</c>.</summary>
    public override string ToString() => IsWhole ? Name : $"{Name} ({string.Join(", ", Types.Select(type => type.Name()))})";
}

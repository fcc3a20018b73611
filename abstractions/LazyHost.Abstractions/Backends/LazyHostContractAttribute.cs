namespace LazyHost.Backends;

/// <summary>The version of the contract an assembly was built against. The build stamps it; the host reads it from metadata before it loads a plugin.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class LazyHostContractAttribute(int major, int minor) : Attribute
{
    /// <summary>The version this assembly defines.</summary>
    public static Version Current { get; } = new(1, 0);

    /// <summary>Changes when a plugin must be rebuilt.</summary>
    public int Major { get; } = major;

    /// <summary>Changes when the contract grows.</summary>
    public int Minor { get; } = minor;
}

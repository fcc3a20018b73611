namespace LazyHost.Hosting;

/// <summary>Settings under <c>LazyHost:Fallback</c>.</summary>
public sealed class FallbackOptions
{
    /// <summary>Whether other backends may run what the device's own cannot.</summary>
    public FallbackPolicy Policy { get; set; } = FallbackPolicy.Allow;

    /// <summary>The kinds of the backends to ask, in this order; each must be loaded. Null asks <c>reference</c> where that is loaded.</summary>
    public IList<string>? Chain { get; set; }

    /// <summary>Names of operators that go down the chain although the device's own backend can run them, for tests. Does not concern devices of the chain.</summary>
    public IList<string> Force { get; set; } = [];

    /// <summary>The kinds the engine may ask.</summary>
    internal IReadOnlyList<string> Allowed => Policy == FallbackPolicy.Forbid ? [] : [.. Chain ?? ["reference"]];
}

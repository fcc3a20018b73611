namespace LazyHost.Backends;

/// <summary>What a backend found out about one of its devices.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="MemoryBytes">Memory it can hold, or 0 where nobody can say.</param>
/// <param name="Details">More facts for people: cores, vector width, driver.</param>
public sealed record DeviceDescription(string Name, long MemoryBytes, IReadOnlyDictionary<string, string> Details);

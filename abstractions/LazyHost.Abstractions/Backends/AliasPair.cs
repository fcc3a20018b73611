namespace LazyHost.Backends;

/// <summary>An input whose buffer the program may be given as an output as well.</summary>
public readonly record struct AliasPair(int Input, int Output);

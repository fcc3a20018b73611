namespace LazyHost.Backends.Ilgpu.Emission;

/// <summary>Where a value goes once all values of the points are there.</summary>
/// <param name="Node">The value.</param>
/// <param name="Consume">Takes it: its argument pushes the value of one of the points.</param>
internal readonly record struct Sink(int Node, Action<Action<int>> Consume);

namespace LazyHost;

/// <summary>A tensor that had a value when its segment began, and was written in it.</summary>
/// <param name="Variable">The tensor.</param>
/// <param name="Old">The value it had.</param>
internal readonly record struct VariableUpdate(Tensor Variable, DeviceData Old);

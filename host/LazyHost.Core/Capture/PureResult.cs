using LazyHost.IR;

namespace LazyHost;

/// <summary>A result of a pure function, or a tensor that one is a view of, and where each call finds it: exactly one of the three.</summary>
/// <param name="Argument">The argument it is, or -1.</param>
/// <param name="Outside">A tensor the function reaches and gives back, or null.</param>
/// <param name="Value">The recorded node it stands for.</param>
/// <param name="View">For such a node that is a view, what was recorded.</param>
/// <param name="Parent">For a view, the place of what it is a view of.</param>
/// <param name="IsStale">True for a view of something that was written after it was made.</param>
internal readonly record struct PureResult(int Argument, Tensor? Outside = null, Value Value = default, TensorView? View = null, int Parent = -1, bool IsStale = false);

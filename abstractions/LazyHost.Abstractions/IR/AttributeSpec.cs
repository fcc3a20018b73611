namespace LazyHost.IR;

/// <summary>One attribute an operator takes.</summary>
/// <param name="Name">Its name, as text dumps show it.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="MayBeDynamic">True when a program can take the number as a parameter instead of compiling it in.</param>
public sealed record AttributeSpec(string Name, AttributeKind Kind, bool MayBeDynamic = false);

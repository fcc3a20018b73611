using LazyHost.Backends;

namespace LazyHost.Operators;

/// <summary>Says how a backend would run an operator or primitive: <see cref="IBackend.Query"/>, or what stands for it.</summary>
public delegate Capability CapabilityQuery(in OperatorQuery query);

namespace LazyHost.Lowering.Lanes;

/// <summary>The numbers of a kernel that its code takes from the scalar block, behind the kernel's own scalars.</summary>
/// <param name="Slots">By the place of a number, its slot.</param>
public sealed record KernelArguments(Dictionary<int, int> Slots);

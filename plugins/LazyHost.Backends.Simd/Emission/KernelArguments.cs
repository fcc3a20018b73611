namespace LazyHost.Backends.Simd.Emission;

/// <summary>The numbers of a kernel that its code takes from the scalar block, behind the kernel's own scalars.</summary>
/// <param name="Slots">By the place of a number, its slot.</param>
internal sealed record KernelArguments(Dictionary<int, int> Slots);

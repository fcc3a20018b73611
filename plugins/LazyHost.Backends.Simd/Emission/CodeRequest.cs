namespace LazyHost.Backends.Simd.Emission;

/// <summary>What a program that is being compiled allows, and what had to be made for it.</summary>
/// <param name="mayMake">False where it is to be put together from code that is there.</param>
internal sealed class CodeRequest(bool mayMake)
{
    public bool MayMake { get; } = mayMake;

    /// <summary>The kernels that code was made for.</summary>
    public int Made { get; set; }
}

namespace LazyHost.Backends.Simd.Emission;

/// <summary>What a program that is being compiled wants of the code of its kernels, and what had to be made for it.</summary>
/// <param name="mayMake">False where it is to be put together from code that is there.</param>
/// <param name="anySize">True where code is to serve every size from the first kernel of a structure on, taking every number as an argument.</param>
internal sealed class CodeRequest(bool mayMake, bool anySize)
{
    public bool MayMake { get; } = mayMake;

    public bool AnySize { get; } = anySize;

    /// <summary>The kernels that code was made for.</summary>
    public int Made { get; set; }
}
